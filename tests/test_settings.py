"""The settings: each is explained, odd spellings of a database's address work, bad values stop the start."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url
from typer.testing import CliRunner

import bot.app
from bot.__main__ import cli
from bot.settings import Settings
from storage.store.engine import postgres_arguments
from web.limits import Limits

EXAMPLE = Path(__file__).parent.parent / ".env.example"
_SETTING = re.compile(r"#([A-Z][A-Z0-9_]*)=(.*)")

ZALO_OA = {
    "ZALO_OA_APP_ID": "1",
    "ZALO_OA_APP_SECRET": "app-secret",
    "ZALO_OA_SECRET": "oa-secret",
    "ZALO_OA_ID": "2",
    "ZALO_OA_REFRESH_TOKEN": "refresh-secret",
}
"""A whole Official Account."""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away whatever this machine has set, in the environment or in a .env file."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def unstarted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `run` end at once where it would start the desk: no bad value may come so far."""

    async def run(settings: Settings, role: str) -> None:
        assert settings
        assert role

    monkeypatch.setattr(bot.app, "run", run)


def explained() -> dict[str, tuple[str, list[str]]]:
    """Return every setting of .env.example: its default as written there, and the lines that explain it."""
    found: dict[str, tuple[str, list[str]]] = {}
    above: list[str] = []
    for line in EXAMPLE.read_text().splitlines():
        setting = _SETTING.fullmatch(line)
        if setting:
            found[setting[1]] = (setting[2], above)
        above = [*above, line] if line.startswith("# ") and not setting else []
    return found


def written(default: object) -> str:
    """Write a default the way an environment variable spells it."""
    if default is None:
        return ""
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


def test_every_setting_is_explained_and_no_other() -> None:
    """.env.example names exactly the settings there are."""
    assert set(explained()) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_explained_in_a_few_lines_with_its_default(name: str) -> None:
    """Each stands commented out with the default it has, under one to three lines of explanation."""
    default, lines = explained()[name.upper()]
    assert default == written(Settings.model_fields[name].default)
    assert 1 <= len(lines) <= 3


def test_nothing_in_the_example_is_set() -> None:
    """A copy of .env.example as it stands changes nothing: every line of it is a comment."""
    assert all(not line or line.startswith("#") for line in EXAMPLE.read_text().splitlines())


def test_the_example_can_be_used_whole(tmp_path: Path) -> None:
    """With every # taken off, the defaults are still what the desk reads."""
    lines = (f"{name}={default}" for name, (default, _) in explained().items())
    (tmp_path / ".env").write_text("\n".join(lines))
    assert Settings() == Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own argument


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("", "sqlite+aiosqlite:///data/desk.sqlite3"),
        ("postgresql://u:p@h:5/d", "postgresql+asyncpg://u:p@h:5/d"),
        ("postgres://u:p@h/d?ssl=postgres://", "postgresql+asyncpg://u:p@h/d?ssl=postgres://"),
        ("sqlite:///desk.db", "sqlite+aiosqlite:///desk.db"),
        ("sqlite:////srv/desk.db", "sqlite+aiosqlite:////srv/desk.db"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
    ],
)
def test_a_database_may_be_written_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, given: str, opened: str
) -> None:
    """The usual schemes are read as the drivers the desk has; a full SQLAlchemy address stays as it is."""
    monkeypatch.setenv("DATABASE_URL", given)
    assert Settings().store_url == opened


def test_everything_lies_in_data_dir_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """DATA_DIR moves the database and the key together; SECRET_KEY_FILE moves the key alone."""
    monkeypatch.setenv("DATA_DIR", "/srv/desk")
    assert Settings().store_url == "sqlite+aiosqlite:////srv/desk/desk.sqlite3"
    assert Settings().key_file == Path("/srv/desk/secret.key")
    monkeypatch.setenv("SECRET_KEY_FILE", "/safe/key")
    assert Settings().key_file == Path("/safe/key")


@pytest.mark.parametrize(
    ("environment", "address", "base"),
    [
        ({}, ("127.0.0.1", 8080), "http://127.0.0.1:8080"),
        ({"LISTEN": "0.0.0.0:80"}, ("0.0.0.0", 80), "http://0.0.0.0:80"),  # noqa: S104 - an example
        ({"LISTEN": "[::1]:81"}, ("::1", 81), "http://[::1]:81"),
        ({"LISTEN": "xã.vn:81"}, ("xã.vn", 81), "http://xã.vn:81"),
        ({"PUBLIC_URL": "http://[::1]:82"}, ("127.0.0.1", 8080), "http://[::1]:82"),
        ({"PUBLIC_URL": "https://desk.vn/"}, ("127.0.0.1", 8080), "https://desk.vn"),
    ],
)
def test_the_address_people_use(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], address: tuple[str, int], base: str
) -> None:
    """People come by PUBLIC_URL, or else where the desk listens; never with a slash at the end."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings().address == address
    assert Settings().base_url == base


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A settings object in a log or a traceback does not give the tokens away."""
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "ZALO_BOT_TOKEN", "ZALO_BOT_SECRET"):
        monkeypatch.setenv(name, "123:very-hush-hush")
    for name in ZALO_OA:
        monkeypatch.setenv(name, "hush" if name.endswith(("SECRET", "TOKEN")) else "1")
    assert "hush" not in repr(Settings())


@pytest.mark.parametrize(
    ("written", "plain"), [("p[w", "p[w"), ("p%40w", "p@w"), ("p/w", "p/w"), ("p?#w", "p?#w")]
)
def test_a_password_of_a_database_may_be_made_of_anything(written: str, plain: str) -> None:
    """It is kept out of the log as the driver reads it, and as it was written."""
    found = Settings(database_url=f"postgresql://u:{written}@h:5/d", _env_file=None)  # type: ignore[call-arg]
    assert make_url(found.store_url).password == plain
    assert found.secrets == {written, plain}


def test_a_token_alone_and_several_with_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """One bot is the account “telegram”; of several each has its own account, told by its name."""
    assert Settings().telegram_accounts == {}
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:abc")
    assert Settings().telegram_accounts == {"telegram": SecretStr("1:abc")}
    monkeypatch.setenv("TELEGRAM_TOKEN", "3:ghi, xa=1:abc,phuong2=2:def")
    tokens = {"telegram": "3:ghi", "telegram-xa": "1:abc", "telegram-phuong2": "2:def"}
    assert Settings().telegram_accounts == {name: SecretStr(token) for name, token in tokens.items()}


@pytest.mark.usefixtures("unstarted")
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        *[({k: v for k, v in ZALO_OA.items() if k != name}, name) for name in ZALO_OA],
        ({"ZALO_BOT_TOKEN": "1:bot-secret"}, "ZALO_BOT_SECRET"),
        ({"ZALO_BOT_TOKEN": "1:bot-secret", "ZALO_BOT_SECRET": "secret"}, "ZALO_BOT_SECRET"),
        ({"ZALO_BOT_TOKEN": "1:bot-secret", "ZALO_BOT_SECRET": "a" * 257}, "ZALO_BOT_SECRET"),
        ({"ZALO_BOT_SECRET": "a-long-secret"}, "ZALO_BOT_TOKEN"),
        ({"TELEGRAM_TOKEN": "Xã=1:secret"}, "TELEGRAM_TOKEN"),
        ({"TELEGRAM_TOKEN": "xa=1:secret,xa=2:secret"}, "TELEGRAM_TOKEN"),
        ({"TELEGRAM_TOKEN": "xa=1:secret,1:secret"}, "TELEGRAM_TOKEN"),
        ({"TELEGRAM_TOKEN": "xa=1:secret,"}, "TELEGRAM_TOKEN"),
    ],
)
def test_half_a_platform_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    """One line says which setting is missing or wrong; no secret is repeated."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    ended: Any = CliRunner().invoke(cli, ["run"])
    (line,) = ended.stderr.splitlines()
    assert ended.exit_code == 2
    assert line.startswith(f"{missing}: ")
    assert "secret" not in line


def test_whole_platforms_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An Official Account with all it needs; a bot by webhook with its secret, or polled without one."""
    for name, value in (ZALO_OA | {"ZALO_BOT_TOKEN": "1:b", "ZALO_BOT_SECRET": "12345678"}).items():
        monkeypatch.setenv(name, value)
    assert Settings().zalo_oa_id == "2"
    monkeypatch.delenv("ZALO_BOT_SECRET")
    monkeypatch.setenv("ZALO_BOT_MODE", "polling")
    assert Settings().zalo_bot_mode == "polling"


@pytest.mark.usefixtures("unstarted")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("MAX_UPLOAD_MB", "0"),
        ("MAX_UPLOAD_MB", "many"),
        ("TELEGRAM_MODE", "carrier pigeon"),
        ("TIMEZONE", "Asia/Atlantis"),
        ("TIMEZONE", "../../etc/passwd"),
        ("LISTEN", "8080"),
        ("LISTEN", "127.0.0.1:web"),
        ("LISTEN", "127.0.0.1:99999"),
        ("LISTEN", "127.0.0.1:८०८०"),
        ("LISTEN", "a..b:8099"),
        ("LISTEN", f"{'a' * 64}:8099"),
        ("LISTEN", "[::1:8099"),
        ("LISTEN", "[]:8099"),
        ("PUBLIC_URL", "desk.example.vn"),
        ("PUBLIC_URL", "http://"),
        ("PUBLIC_URL", "http://[::1"),
        ("PUBLIC_URL", "http://desk.example.vn:99999"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("ZALO_OA_API_URL", "http://[::1"),
        ("ZALO_BOT_API_URL", "api.example.vn"),
        ("ZALO_OA_CHECK", "perhaps"),
        ("ZALO_OA_VERIFIER", "zalo_verifierX.html"),
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "desk.sqlite3"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The line names the setting; there is no traceback, and nothing was started."""
    monkeypatch.setenv(name, value)
    ended: Any = CliRunner().invoke(cli, ["run"])
    lines = ended.stderr.splitlines()
    assert ended.exit_code == 2, ended.exception or "it would have started"
    assert [line.partition(":")[0] for line in lines] == [name]


@pytest.mark.usefixtures("unstarted")
def test_a_bad_secret_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram's webhook without a secret stops the start; what was set is not written out."""
    monkeypatch.setenv("TELEGRAM_TOKEN", "123:abc")
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "white space")
    ended: Any = CliRunner().invoke(cli, ["run"])
    assert ended.exit_code == 2, ended.exception
    assert "TELEGRAM_WEBHOOK_SECRET" in ended.stderr
    assert "white space" not in ended.stderr


@pytest.mark.parametrize(
    ("query", "arguments", "settings"),
    [
        ("sslmode=require", {"ssl": "require"}, {}),
        ("application_name=x&connect_timeout=3", {"timeout": 3}, {"application_name": "x"}),
        ("options=-c%20a%3D1%20-c%20b.c%3D2", {}, {"a": "1", "b.c": "2"}),
        ("options=--a%3D1&sslmode=disable", {"ssl": "disable"}, {"a": "1"}),
    ],
)
def test_what_managed_databases_hand_out_is_understood(
    query: str, arguments: dict[str, object], settings: dict[str, str]
) -> None:
    """The words of libpq, in those of the driver; none of them is left in the address."""
    written = Settings(database_url=f"postgresql://u:p@h/d?{query}", _env_file=None).store_url
    address, found = postgres_arguments(make_url(written))
    assert not address.query
    assert settings.items() <= found.pop("server_settings").items()
    assert found == arguments


@pytest.mark.parametrize("query", ["sslrootcert=x", "options=drop", "connect_timeout=soon", "x=1"])
def test_what_is_not_understood_of_a_database_is_named(
    monkeypatch: pytest.MonkeyPatch, query: str, tmp_path: Path
) -> None:
    """`run` and `doctor` end with one line, which does not repeat the password."""
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u:secret@h/d?{query}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for command in ("run", "doctor"):
        result = CliRunner().invoke(cli, [command])
        assert result.exit_code == 2
        assert query.partition("=")[0] in result.output
        assert "secret" not in result.output
        assert "Traceback" not in result.output


def test_no_more_is_let_in_than_may_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """With few descriptors the bound is lower than was asked for."""
    monkeypatch.setattr(bot.app.resource, "getrlimit", lambda _of: (1024, 4096))
    assert bot.app.within_descriptors(Limits(connections=800)).connections == 800
    assert bot.app.within_descriptors(Limits(connections=2000)).connections == 824

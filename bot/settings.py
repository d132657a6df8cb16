"""The environment, read once at the start into one frozen object. Every setting is optional."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_DRIVERS = {
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
}
"""What people write, and the driver the desk uses for it."""


class Settings(BaseSettings):
    """What the person who runs the desk may decide; .env.example explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: str = ""
    listen: str = "127.0.0.1:8080"
    public_url: str = ""
    data_dir: Path = Path("data")
    secret_key_file: Path | None = None
    timezone: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"
    max_upload_mb: int = Field(default=20, ge=1, le=100)
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_mode: Literal["webhook", "polling"] = "polling"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name:
            ZoneInfo(name)
        return name

    @property
    def store_url(self) -> str:
        """The database, as SQLAlchemy names it: the embedded one in DATA_DIR unless another is set."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.data_dir / 'desk.sqlite3'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"{_DRIVERS.get(scheme, scheme)}://{rest}"

    @property
    def key_file(self) -> Path:
        """Where the secret key lies."""
        return self.secret_key_file or self.data_dir / "secret.key"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host or "127.0.0.1", int(port)

    @property
    def base_url(self) -> str:
        """The address people reach the desk at, without a slash at its end."""
        return (self.public_url or f"http://{self.listen}").rstrip("/")

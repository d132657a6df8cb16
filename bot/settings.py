"""The environment, read once at the start into one frozen object. Every setting is optional."""

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationInfo, field_validator
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
        try:
            return name and ZoneInfo(name).key
        except (LookupError, OSError, ValueError):
            raise ValueError(f"{name!r} is not a time zone; one is Asia/Ho_Chi_Minh") from None

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, listen: str) -> str:
        host, _, port = listen.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
            raise ValueError(f"{listen!r} is not an address and a port, such as 127.0.0.1:8080")
        return listen

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} does not begin with http:// or https://")
        return url

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and url.partition("://")[0] not in {*_DRIVERS, *_DRIVERS.values()}:
            raise ValueError(
                "it must begin with postgresql:// or sqlite:///"
            )  # it may hold a password: not said
        return url

    @field_validator("telegram_mode")
    @classmethod
    def _webhook_needs_its_secret(cls, mode: str, others: ValidationInfo) -> str:
        secret = others.data.get("telegram_webhook_secret", SecretStr("")).get_secret_value()
        if mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise ValueError("webhook needs TELEGRAM_WEBHOOK_SECRET, 1 to 256 letters, digits, _ or -")
        return mode

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
        return host.strip("[]"), int(port)

    @property
    def base_url(self) -> str:
        """The address people reach the desk at, without a slash at its end."""
        return (self.public_url or f"http://{self.listen}").rstrip("/")

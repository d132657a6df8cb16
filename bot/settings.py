"""The environment, read once at the start into one frozen object. Every setting is optional."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.store.engine import postgres_arguments
from web.limits import Limits, host_name, networks

_DRIVERS = {
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
}
"""What people write, and the driver the desk uses for it."""
_PASSWORD = re.compile(r"[^:]*://[^:/]*:([^@]*)@")
"""Where SQLAlchemy finds it in a database's address, whatever it is made of."""
_ACCOUNT = re.compile(r"[a-z0-9]{1,20}")
_ZALO_OA = ("app_id", "app_secret", "secret", "id", "refresh_token")
"""What an Official Account cannot do without; none of it, and there is no Official Account."""


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
    min_free_mb: int = Field(default=500, ge=0)
    allowed_hosts: str = ""
    trusted_proxies: str = ""
    max_connections: int = Field(default=800, ge=10)
    max_connections_per_address: int = Field(default=100, ge=4)
    max_streams: int = Field(default=400, ge=4)
    max_new_chats_per_address: int = Field(default=100, ge=0)
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_mode: Literal["webhook", "polling"] = "polling"
    zalo_oa_app_id: str = ""
    zalo_oa_app_secret: SecretStr = SecretStr("")
    zalo_oa_secret: SecretStr = SecretStr("")
    zalo_oa_id: str = ""
    zalo_oa_refresh_token: SecretStr = SecretStr("")
    zalo_oa_api_url: str = ""
    zalo_oa_check: Literal["strict", "log"] = "strict"
    zalo_oa_verifier: str = ""
    zalo_bot_token: SecretStr = SecretStr("")
    zalo_bot_mode: Literal["webhook", "polling"] = "webhook"
    zalo_bot_secret: SecretStr = SecretStr("")
    zalo_bot_api_url: str = "https://bot-api.zaloplatforms.com"
    account_communes: str = ""

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
        try:
            urlsplit(f"http://{listen}")
            named = host.strip("[]").encode("idna")  # as it is looked up
        except ValueError:
            named = b""
        if not named or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 2**16:
            raise ValueError(f"{listen!r} is not an address and a port, such as 127.0.0.1:8080")
        return listen

    @field_validator("public_url", "telegram_api_url", "zalo_oa_api_url", "zalo_bot_api_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} does not begin with http:// or https://")
        try:
            named = not url or (urlsplit(url).hostname and urlsplit(url).port != 0)
        except ValueError:  # brackets that do not close, or a port that is none
            named = False
        if not named:
            raise ValueError(f"{url!r} is not an address, such as https://desk.example.vn")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, proxies: str) -> str:
        try:
            networks(proxies)
        except ValueError:
            raise ValueError(
                f"{proxies!r} is not a list of addresses, such as 127.0.0.1, 10.0.0.0/8"
            ) from None
        return proxies

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and url.partition("://")[0] not in {*_DRIVERS, *_DRIVERS.values()}:
            raise ValueError(
                "it must begin with postgresql:// or sqlite:///"
            )  # it may hold a password: not said
        if url.startswith("postgres"):
            try:
                postgres_arguments(make_url(f"postgresql://{url.partition('://')[2]}"))
            except ArgumentError:
                raise ValueError("it is not an address: postgresql://user:password@host/database") from None
        return url

    @field_validator("zalo_oa_verifier")
    @classmethod
    def _part_of_a_name(cls, code: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_-]*", code):
            raise ValueError("it is what stands between zalo_verifier and .html, no more")
        return code

    @field_validator("telegram_token")
    @classmethod
    def _named_tokens(cls, tokens: SecretStr) -> SecretStr:
        _accounts(tokens.get_secret_value())  # what is wrong is said without repeating any of it
        return tokens

    @field_validator("account_communes")
    @classmethod
    def _named_communes(cls, written: str) -> str:
        _communes(written)
        return written

    @field_validator("telegram_mode")
    @classmethod
    def _webhook_needs_its_secret(cls, mode: str, others: ValidationInfo) -> str:
        secret = others.data.get("telegram_webhook_secret", SecretStr("")).get_secret_value()
        if mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise ValueError("webhook needs TELEGRAM_WEBHOOK_SECRET, 1 to 256 letters, digits, _ or -")
        return mode

    @model_validator(mode="after")
    def _whole_groups(self) -> Self:
        self._zalo_oa_is_whole()
        self._zalo_bot_is_whole()
        return self

    def _zalo_oa_is_whole(self) -> None:
        given = {name: _plain(getattr(self, f"zalo_oa_{name}")) for name in _ZALO_OA}
        missing = [f"ZALO_OA_{name.upper()}" for name, value in given.items() if not value]
        if 0 < len(missing) < len(given):
            raise ValueError(f"{missing[0]}: a Zalo Official Account also needs {', '.join(missing)}")

    def _zalo_bot_is_whole(self) -> None:
        token, secret = _plain(self.zalo_bot_token), _plain(self.zalo_bot_secret)
        if secret and not token:
            raise ValueError("ZALO_BOT_TOKEN: a Zalo Bot also needs ZALO_BOT_TOKEN")
        if token and self.zalo_bot_mode == "webhook" and not 8 <= len(secret.encode()) <= 256:
            raise ValueError("ZALO_BOT_SECRET: a Zalo Bot that is called needs one of 8 to 256 letters")

    @property
    def telegram_accounts(self) -> Mapping[str, SecretStr]:
        """The Telegram bots by the names of their accounts."""
        return _accounts(self.telegram_token.get_secret_value())

    @property
    def communes(self) -> Mapping[str, str]:
        """The codes of the communes of accounts that are one's own, by the accounts' names."""
        return _communes(self.account_communes)

    @property
    def secrets(self) -> frozenset[str]:
        """Everything set here that must never stand in a log."""
        set_here = {_plain(value) for _, value in self if isinstance(value, SecretStr)}
        tokens = {_plain(token) for token in self.telegram_accounts.values()}
        found = _PASSWORD.match(self.database_url)
        password = found[1] if found else ""
        return frozenset({*set_here, *tokens, password, unquote(password)} - {""})

    @property
    def limits(self) -> Limits:
        """How many may come in at once, and under which names."""
        names = [*self.allowed_hosts.split(","), urlsplit(self.base_url).netloc, self.listen]
        known = frozenset(host_name(name.strip()) for name in names)
        return Limits(
            self.max_connections,
            self.max_connections_per_address,
            self.max_streams,
            newcomers=self.max_new_chats_per_address,
            proxies=networks(self.trusted_proxies),
            hosts=None if "*" in known else known,
        )

    @property
    def least_free(self) -> int:
        """Bytes of the disk that files leave to the database."""
        return self.min_free_mb * 1024 * 1024

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
    def model_file(self) -> Path:
        """Where what `learn` has learned lies, for every process of the desk."""
        return self.data_dir / "reading.npz"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def base_url(self) -> str:
        """The address people reach the desk at, without a slash at its end."""
        return (self.public_url or f"http://{self.listen}").rstrip("/")


def _plain(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _accounts(written: str) -> dict[str, SecretStr]:
    """Read one token, or several as name=token,name=token. Raises ValueError."""
    found: dict[str, SecretStr] = {}
    for entry in written.split(",") if written.strip() else ():
        name, named, token = entry.strip().rpartition("=")
        if (named and not _ACCOUNT.fullmatch(name)) or not token or re.search(r"\s", token):
            raise ValueError("write a token, or name=token,name=token with names of a-z and 0-9, at most 20")
        account = f"telegram-{name}" if named else "telegram"
        if account in found or token in [_plain(other) for other in found.values()]:
            raise ValueError("each name and each token may stand there once")
        found[account] = SecretStr(token)
    return found


def _communes(written: str) -> dict[str, str]:
    """Read account=commune,account=commune. Raises ValueError."""
    found: dict[str, str] = {}
    for entry in written.split(",") if written.strip() else ():
        account, _, commune = (part.strip() for part in entry.partition("="))
        if not re.fullmatch(r"[a-z0-9-]{1,40}", account) or not re.fullmatch(r"\w{1,40}", commune):
            raise ValueError("write account=commune,account=commune, such as telegram-hoabinh=xa_hoa_binh")
        if account in found:
            raise ValueError(f"{account} may stand there once")
        found[account] = commune
    return found

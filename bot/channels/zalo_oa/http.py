"""Calls of the Official Account's interfaces. Errors come inside HTTP 200; each answer is given a meaning.

Nothing here raises what holds a token, and nothing follows a redirect with one.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import structlog
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
)
from yarl import URL

from bot.channels import media
from bot.channels.channel import NotThere
from bot.channels.zalo_oa.errors import Sort, sort_of
from bot.channels.zalo_oa.tokens import ConsentNeeded, NoToken, Tokens, Unanswered, Unreached
from storage.store.engine import Store

log = structlog.get_logger(__name__)

HOSTS = {
    "/v4/oa/access_token": "https://oauth.zaloapp.com",
    "/message/": "https://business.openapi.zalo.me",
    "/": "https://openapi.zalo.me",
}
"""Which host serves which paths; the first that fits."""
MEDIA_HOSTS = ("zdn.vn", "zadn.vn", "zalo.me", "zaloapp.com")
"""Where the files lie that people send, these hosts and those below them. UNCONFIRMED: Zalo publishes no
such list; these are where files have been seen. What lies elsewhere is not fetched; the log says where."""

CONNECT, READ = 5.0, 10.0
"""Seconds to reach a server, and between two pieces of its answer; with a new pair of tokens on the way
they stay below the outbox's lease."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a call, and the data of its answer."""

    sort: Sort
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class Client:
    """Calls for one account; `api_url` takes the place of every host of Zalo's, where it is set."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a setting
        self, account: str, app_id: str, app_secret: str, first_refresh: str, api_url: str, store: Store
    ) -> None:
        self._account = account
        self._app_id = app_id
        self._app_secret = app_secret
        self._api_url = api_url.rstrip("/")
        self._session: ClientSession | None = None
        self.tokens = Tokens(account, first_refresh, self._new_pair, store)

    async def close(self) -> None:
        """Let a pair of tokens that is on its way arrive, then close the connections."""
        await self.tokens.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    # --- calls -----------------------------------------------------------------------------------

    async def call(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Call an address with a JSON body, as the account. Never raises for what the platform may do."""
        return await self._as_account(path, lambda: {"json": body})

    async def upload(self, kind: str, name: str, content: bytes) -> Answer:
        """Upload an image or a file; what the data names it by can be sent."""

        def form() -> dict[str, Any]:
            # The name as it is, in UTF-8, as browsers send it: people see it.
            data = FormData(quote_fields=False)
            data.add_field("file", BytesIO(content), filename=name)
            return {"data": data}

        answer = await self._as_account(f"/v2.0/oa/upload/{kind}", form)
        # Nobody was told anything by it: what is not known to be done can be done again.
        return replace(answer, sort="unreached") if answer.sort == "unanswered" else answer

    async def _as_account(self, path: str, content: Callable[[], dict[str, Any]]) -> Answer:
        """Call with an access token; if it is refused, once more with another one."""
        try:
            token = await self.tokens.access()
            answer = await self._answer(path, token, content())
            if answer.sort == "auth":
                token = await self.tokens.access(refused=token)
                answer = await self._answer(path, token, content())
        except ConsentNeeded as error:
            return Answer("consent", str(error))
        except NoToken as error:
            return Answer("auth", str(error))
        except Unreached as error:
            return Answer("unreached", str(error))
        except Unanswered as error:
            return Answer("unanswered", str(error))
        return answer

    async def _answer(self, path: str, token: str, content: dict[str, Any]) -> Answer:
        status, body = await self._post(path, {"access_token": token}, content)
        if status == 429:
            return Answer("busy", "HTTP 429")
        if status == 413:
            return Answer("size", "HTTP 413")
        code, message, data = _read(body)
        if code is None or (code == 0 and status != 200):
            return Answer("unanswered", f"HTTP {status}, and not the interface's answer")
        for secret in self.tokens.seen:
            message = message.replace(secret, "<token>")
        return Answer(sort_of(code, message), f"{code} {message}"[:200], data)

    async def _new_pair(self, refresh: str) -> tuple[int, bytes]:
        form = {"app_id": self._app_id, "grant_type": "refresh_token", "refresh_token": refresh}
        return await self._post("/v4/oa/access_token", {"secret_key": self._app_secret}, {"data": form})

    async def _post(
        self, path: str, headers: Mapping[str, str], content: dict[str, Any]
    ) -> tuple[int, bytes]:
        url = self._api_url or next(host for start, host in HOSTS.items() if path.startswith(start))
        try:
            async with self._open().post(
                f"{url}{path}", headers=headers, allow_redirects=False, **content
            ) as response:
                return response.status, await response.read()
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise Unreached(type(error).__name__) from None
        except (ClientError, TimeoutError) as error:
            raise Unanswered(type(error).__name__) from None

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                timeout=ClientTimeout(total=None, sock_connect=CONNECT, connect=CONNECT, sock_read=READ)
            )
        return self._session

    # --- files -----------------------------------------------------------------------------------

    async def download(self, address: str, most: int) -> bytes:
        """Return a file that somebody sent. Raises TooBig or NotThere; anything else may pass."""
        try:
            url, own = URL(address), URL(self._api_url)
        except ValueError:
            raise NotThere("not an address") from None
        host = url.host or ""
        theirs = any(host == name or host.endswith(f".{name}") for name in MEDIA_HOSTS)
        if not (url.origin() == own.origin() if self._api_url and host else theirs):
            log.warning("zalo_oa_file_elsewhere", account=self._account, host=host)
            raise NotThere("it lies where Zalo's files do not lie")
        return await media.download(address, most, anywhere={own.host} if own.host else ())


def _read(body: bytes) -> tuple[int | None, str, Mapping[str, Any]]:
    """Return an answer's code, message and data; no code for what is not one of the interface's answers."""
    try:
        answer = json.loads(body)
        code = int(answer["error"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None, "", {}
    data = answer.get("data")
    return code, str(answer.get("message", "")), data if isinstance(data, dict) else {}

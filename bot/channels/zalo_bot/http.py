"""Calls of the Zalo Bot Platform. A failure says whether the call can have been taken, and holds no token."""

import json
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, ConnectionTimeoutError

CONNECT, READ = 5.0, 15.0
"""Seconds to reach the server, and for its answer: together below the outbox's lease."""

BAD_TOKEN, IDLE, BUSY = 401, 408, 429
"""What the platform says of a token that is not one, of a poll that brought nothing, of too many calls."""


class Refused(Exception):
    """The platform's answer is an error, of this code."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}"[:200])
        self.code = code


class NotSent(Exception):
    """The server was never reached."""


class Unanswered(Exception):
    """It may have been done: no answer came, or one that is not the platform's."""


class Client:
    """Calls for one bot."""

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        self._base = f"{api_url.rstrip('/')}/bot{token}"
        self._session: ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, read: float = READ, /, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Return the result of a call; `read` is how many seconds it may take.

        Raises Refused, NotSent or Unanswered.
        """
        try:
            status, body = await self._post(method, read, parameters)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (ClientError, TimeoutError) as error:  # its text may hold the address and with it the token
            raise Unanswered(type(error).__name__) from None
        return self._result(status, body)

    async def _post(self, method: str, read: float, parameters: dict[str, object]) -> tuple[int, bytes]:
        timeout = ClientTimeout(total=None, connect=CONNECT, sock_connect=CONNECT, sock_read=read)
        if self._session is None:
            self._session = ClientSession()
        async with self._session.post(
            f"{self._base}/{method}",
            json=parameters,
            timeout=timeout,
            allow_redirects=False,  # the address is a secret: it goes to no other host
        ) as response:
            return response.status, await response.read()

    def _result(self, status: int, body: bytes) -> Any:  # noqa: ANN401 - JSON
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if isinstance(answer, dict) and answer.get("ok") is True and status == 200:
            return answer.get("result")
        if isinstance(answer, dict) and type(code := answer.get("error_code")) is int:
            raise Refused(code, str(answer.get("description", "")).replace(self._token, "<token>"))
        if status in {IDLE, BUSY}:  # a proxy's own, but it means the same
            raise Refused(status, "")
        raise Unanswered(f"HTTP {status}, and not the platform's answer")

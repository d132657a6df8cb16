"""python-telegram-bot's calls over aiohttp, several times cheaper than over its own client.

A failure says whether the call can have reached Telegram, and no error made here holds the token.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from io import BytesIO
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
)
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.channels.channel import NotThere
from bot.channels.raw import read_content

CONNECT = 5.0
"""Seconds to find and reach the server."""

DEFAULT_WAIT = timedelta(seconds=5)
"""What a 429 without `retry_after` asks for."""

_DEFAULT: Any = BaseRequest.DEFAULT_NONE
_taken: ContextVar[bytes] = ContextVar("taken", default=b"")
"""What the call that this task made last was answered with, if Telegram took it."""


class NotSent(NetworkError):
    """The server was never reached."""


class TooMany(TelegramError):
    """Telegram asks us to wait; in place of PTB's RetryAfter, which warns of its deprecation when made."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"too many requests, again in {after}")
        self.after = after


class TooLarge(TelegramError):
    """Whoever answered, a proxy before the server perhaps, takes nothing so large."""


class AiohttpRequest(BaseRequest):
    """What PTB's Bot calls through. `read` is how long an answer may take, in seconds."""

    def __init__(self, token: str, read: float) -> None:
        self._token = token.encode()
        self._read = read
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take."""
        return self._read

    async def initialize(self) -> None:
        """Open the connection pool (a call does it too)."""
        self._open()

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913, PLR0917 - PTB's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,  # noqa: ANN401 - PTB's own sentinel or seconds
        write_timeout: Any = _DEFAULT,  # noqa: ANN401, ARG002 - covered by the read timeout
        connect_timeout: Any = _DEFAULT,  # noqa: ANN401, ARG002 - one for all
        pool_timeout: Any = _DEFAULT,  # noqa: ANN401, ARG002 - part of connecting
    ) -> tuple[int, bytes]:
        """Call, and return status and body. Raises NotSent, TimedOut, TooMany, TooLarge, NetworkError."""
        read = self._read if read_timeout is _DEFAULT else read_timeout
        _taken.set(b"")
        with _told():
            status, body = await self._call(method, url, request_data, read)
        _taken.set(body if status < 300 else b"")
        if status == 429:
            raise TooMany(_wait(body))
        if status == 413:
            raise TooLarge("request entity too large")
        return status, body

    async def _call(
        self, method: str, url: str, data: RequestData | None, read: float | None
    ) -> tuple[int, bytes]:
        async with self._open().request(
            method,
            URL(url, encoded=True),
            data=_form(data) if data else None,
            timeout=ClientTimeout(total=None, connect=CONNECT, sock_read=read),
            allow_redirects=False,  # the address is a secret: it goes to no other host
        ) as response:
            body = await response.read()
        # A proxy's error page likes to repeat the address it was asked for.
        shown = body if response.status < 300 else body.replace(self._token, b"<token>")
        return response.status, shown

    async def download(self, url: str, most: int) -> bytes:
        """Return a file of at most `most` bytes. Raises TooBig or NotThere, or else as a call does."""
        timeout = ClientTimeout(total=None, connect=CONNECT, sock_read=self._read)
        with _told():
            async with self._open().get(url, timeout=timeout, allow_redirects=False) as response:
                return await _content(response, most)

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(headers={"User-Agent": self.USER_AGENT})
        return self._session

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. Raises TelegramError; PTB's own would log the whole payload."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not ("result" in answer or "error_code" in answer):
            raise TelegramError("the answer is not the Bot API's")
        return answer


@contextmanager
def _told() -> Iterator[None]:
    """Say what a failure means in PTB's classes; its own text may hold the address, and with it the token."""
    try:
        yield
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise NotSent(type(error).__name__) from None
    except TimeoutError:
        raise TimedOut("no answer in time") from None
    except (ClientError, ValueError, TypeError) as error:  # what cannot be written is told without its words
        raise NetworkError(type(error).__name__) from None


def said() -> tuple[bool, str | None]:
    """Say whether Telegram took what this task sent last, and the id of the (first) message it made of it.

    PTB may lag behind what the server answers: what it cannot read was said all the same.
    """
    try:
        answer = json.loads(_taken.get())
        result = answer["result"]
        first = result[0] if isinstance(result, list) else result
        number = first.get("message_id")
    except (ValueError, LookupError, TypeError, AttributeError):
        return False, None
    return answer.get("ok") is True, str(number) if number is not None else None


async def _content(response: ClientResponse, most: int) -> bytes:
    if response.status in {400, 404}:
        raise NotThere
    if response.status != 200:
        raise NetworkError(f"the file was answered with {response.status}")
    return await read_content(response, most)


def _form(data: RequestData) -> FormData:
    form = FormData(data.json_parameters, quote_fields=False)  # a file's name stays as it is read
    for name, (filename, content, mime) in data.multipart_data.items():
        # Written piece by piece: other calls go on beside a large file.
        bits = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, bits, filename=filename, content_type=mime)
    return form


def _wait(body: bytes) -> timedelta:
    try:
        return timedelta(seconds=float(json.loads(body)["parameters"]["retry_after"]))
    except (ValueError, LookupError, TypeError, OverflowError):
        return DEFAULT_WAIT

"""The Official Account's tokens: renewed by one replica at a time, and never twice with one refresh token.

That somebody begins to use the refresh token is committed before it is used. A process that dies in between
leaves that mark: then nobody knows which pair is in force, and nothing is tried until the owner agrees anew.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from storage.mail import tokens
from storage.mail.tokens import Pair
from storage.store.engine import Store

log = structlog.get_logger(__name__)

SPARE = timedelta(minutes=5)
"""How long a token must still be good for."""
HALF_A_DAY = 12 * 3600.0
"""Seconds between two looks at an account that sends nothing."""
LOOK_AGAIN = 0.5
"""Seconds between two looks at what another replica is doing."""
ASK_AGAIN = 2.0
"""Seconds after which a pair is asked for again where no answer came that can be read."""
KEEP_TRYING = 60
"""How often it is tried to keep a new pair while the database is away."""
SHORTEST_LIFE = 3600
"""Seconds a token is taken to live where the answer does not say; other pages say 25 hours."""
_CONSENT = frozenset({-118, -14014, -14020})
"""What the tokens' address says of a refresh token that is used up, expired or withdrawn."""
WHAT_TO_DO = (
    "Agree to the app again at developers.zalo.me, write the new refresh token into ZALO_OA_REFRESH_TOKEN "
    "and start the desk again. Nothing is sent until then; all that waits is kept."
)
CHECK = "Look at ZALO_OA_APP_ID and ZALO_OA_APP_SECRET; the refresh token is unused and will be tried again."

Ask = Callable[[str], Awaitable[tuple[int, bytes]]]
"""Ask for a new pair with a refresh token: status and body of the answer. Raises Unreached or Unanswered."""


class Unreached(Exception):
    """The call was surely not made."""


class Unanswered(Exception):
    """The call may have been made."""


class ConsentNeeded(Exception):
    """No token can be had until the account's owner agrees anew."""


class NoToken(Exception):
    """There is no token at the moment; the message says why."""


class Tokens:
    """The pair of one account. `first` is the refresh token of the settings."""

    def __init__(
        self,
        account: str,
        first: str,
        ask: Ask,
        store: Store,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._first = first
        self._origin = hashlib.sha256(first.encode()).hexdigest()
        self._ask = ask
        self._store = store
        self._sleep = sleep
        self._begun = False
        self._turn = asyncio.Lock()
        self._renewing: set[asyncio.Task[str]] = set()
        self.seen: set[str] = set()
        """Every token this process has held: what must stand in no log."""

    async def access(self, refused: str = "") -> str:
        """Return an access token that is good for a while yet, and is not the `refused` one.

        Raises ConsentNeeded, NoToken or Unreached.
        """
        async with self._store.read() as work:
            pair = await tokens.find(work, self._account)
            if pair is not None and self._good(pair, work.now, refused):
                return self._held(pair).access
        async with self._turn:  # one of this process; those of other processes wait for each other below
            while (pair := await self._claim(refused)) is None:
                await self._sleep(LOOK_AGAIN)
            return pair.access if pair.pending_at is None else await self._renewed(pair)

    async def keep_alive(self) -> None:
        """Renew for ever, whatever is sent: unused for three months, a refresh token is void."""
        while True:
            with suppress(ConsentNeeded, NoToken, Unreached, Unanswered):
                await self.access()
            await self._sleep(HALF_A_DAY)

    async def close(self) -> None:
        """Wait for a pair that is on its way."""
        await asyncio.gather(*self._renewing, return_exceptions=True)

    def _good(self, pair: Pair, now: datetime, refused: str) -> bool:
        mine = self._begun or pair.origin == self._origin
        lasts = pair.expires_at - now > SPARE
        return mine and lasts and pair.pending_at is None and pair.access not in {"", refused}

    def _held(self, pair: Pair) -> Pair:
        self._begun = True
        self.seen |= {pair.access, pair.refresh} - {""}
        return pair

    async def _claim(self, refused: str) -> Pair | None:
        """Return a good pair, or a pending one whose refresh token is ours to use; None: it is another's.

        What the settings say begins anew once: a process that has begun follows whoever was started later.
        """
        async with self._store.work() as work:
            first = Pair(self._account, "", self._first, work.now, self._origin)
            pair = await tokens.lock(work, first)
            if not self._begun and pair.origin != self._origin:
                pair = first
            if self._good(pair, work.now, refused):
                return self._held(pair)
            if pair.lost(work.now):
                raise self._stopped("a process died while it renewed the tokens, or got no answer")
            if pair.pending_at is not None:
                return None
            pair = replace(pair, pending_at=work.now)
            await tokens.save(work, pair)
        return self._held(pair)

    async def _renewed(self, claimed: Pair) -> str:
        """Renew a claimed pair to the end, even if whoever waits for it is cancelled."""
        task = asyncio.create_task(self._renew(claimed))
        self._renewing.add(task)
        task.add_done_callback(self._renewing.discard)
        return await asyncio.shield(task)

    async def _renew(self, claimed: Pair) -> str:
        try:
            status, body = await self._asked(claimed.refresh)
        except Unreached:
            await self._settle(claimed, replace(claimed, pending_at=None))
            raise
        except Unanswered:
            raise await self._given_up(claimed, "no answer came while the tokens were renewed") from None
        answer = _object(body)
        if (new := _pair(answer, claimed)) is not None:
            await self._settle(claimed, new)
            log.info("zalo_oa_tokens_renewed", account=self._account, until=new.expires_at.isoformat())
            return self._held(new).access
        code = answer.get("error")
        if code in _CONSENT or (type(code) is not int and not 300 <= status < 500):
            reason = f"the refresh token is refused or its answer unreadable ({status}, {code})"
            raise await self._given_up(claimed, reason)
        await self._settle(claimed, replace(claimed, pending_at=None))
        log.error("zalo_oa_no_token", account=self._account, status=status, code=code, note=CHECK)
        raise NoToken(f"{status}, {code}")

    async def _asked(self, refresh: str) -> tuple[int, bytes]:
        """Ask for a new pair, once more where no answer came that can be read.

        Nothing is lost by it: a refresh token that was used after all is refused for sure.
        """
        with suppress(Unanswered):
            status, body = await self._ask(refresh)
            if status < 500 and _speaks(body):
                return status, body
        await self._sleep(ASK_AGAIN)
        return await self._ask(refresh)

    async def _given_up(self, claimed: Pair, reason: str) -> ConsentNeeded:
        """Let whoever looks know at once, not when our patience ends, that nobody renews it any more."""
        await self._settle(claimed, claimed.given_up())
        return self._stopped(reason)

    def _stopped(self, reason: str) -> ConsentNeeded:
        log.error("zalo_oa_stopped", account=self._account, reason=reason, note=WHAT_TO_DO)
        return ConsentNeeded(reason)

    async def _settle(self, claimed: Pair, new: Pair) -> None:
        """Keep what became of a claimed pair. It cannot be got a second time: this is tried for a while."""
        for more in reversed(range(KEEP_TRYING)):
            try:
                async with self._store.work() as work:
                    found = await tokens.lock(work, new)
                    if (found.refresh, found.pending_at) == (claimed.refresh, claimed.pending_at):
                        await tokens.save(work, new)
            except Exception:
                log.exception("zalo_oa_tokens_not_kept", account=self._account)
                if not more:
                    raise
                await self._sleep(LOOK_AGAIN)
            else:
                return


def _speaks(body: bytes) -> bool:
    answer = _object(body)
    return bool(answer.get("error") or (answer.get("access_token") and answer.get("refresh_token")))


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _pair(answer: dict[str, Any], claimed: Pair) -> Pair | None:
    """Return the pair of an answer; none if it speaks of any error, whatever else it holds."""
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    failed = answer.get("error") or answer.get("error_name")
    if failed or not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        return None
    lives = timedelta(seconds=_seconds(answer.get("expires_in")))
    assert claimed.pending_at is not None  # noqa: S101 - for the reader: it is claimed
    return replace(
        claimed, access=access, refresh=refresh, expires_at=claimed.pending_at + lives, pending_at=None
    )


def _seconds(value: object) -> int:
    """Read how long a token lives; it may be a string."""
    told = str(value)
    return int(told) if told.isdecimal() and 0 < int(told) < 10**9 else SHORTEST_LIFE

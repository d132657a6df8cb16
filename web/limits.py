"""How many may come in at once, who stands behind a proxy, and under which names we are reached."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web

Network = IPv4Network | IPv6Network

FORWARDED = "X-Forwarded-For"
_HOUR = 3600.0
_ADDRESSES = 10_000
"""Addresses that are remembered; of more, those that were silent longest begin anew."""
_OWN_NAMES = frozenset({"localhost", ""})
"""Names that lead to nowhere but here; whoever names none is no browser."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the settings say of it. `proxies` are those whose word is taken for whom they speak.

    `hosts` are the names the desk is reached by, beside its number; None: any.
    """

    connections: int = 800
    per_address: int = 100
    streams: int = 400
    per_visitor: int = 4
    newcomers: int = 0
    """Chats that begin from one address within an hour; 0: any number."""
    proxies: tuple[Network, ...] = ()
    hosts: frozenset[str] | None = None

    def serves(self, host: str) -> bool:
        """Say whether a request for this host (with or without a port) is meant for us.

        A page elsewhere can make its own name lead to us, but no number: that names us and nobody else.
        """
        name = host_name(host)
        return self.hosts is None or name in self.hosts or name in _OWN_NAMES or _number(name) is not None

    def is_proxy(self, address: str) -> bool:
        """Say whether this address is one of our proxies'."""
        number = _number(address)
        return number is not None and any(number in network for network in self.proxies)

    def visitor(self, peer: str, forwarded: str) -> str:
        """Return who asks: the peer, or behind our proxies the last address that none of them has.

        An older address counts alone, a newer one with its network: whoever has one has them all.
        """
        for address in (peer, *(one.strip() for one in reversed(forwarded.split(",")))):
            if not self.is_proxy(address):
                return _counted(address) if _number(address) else _counted(peer)
        return _counted(peer)


class Turnstile:
    """Lets so many in at once, and so many of each."""

    def __init__(self, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._of: Counter[str] = Counter()
        self.inside = 0

    def enter(self, who: str) -> bool:
        """Let somebody in, unless it is full or enough of them are inside."""
        if self.inside >= self._most or self._of[who] >= self._each:
            if not self._of[who]:
                del self._of[who]
            return False
        self.inside += 1
        self._of[who] += 1
        return True

    def leave(self, who: str) -> None:
        """Let one of them out."""
        self.inside -= 1
        self._of[who] -= 1
        if not self._of[who]:
            del self._of[who]

    @contextmanager
    def through(self, who: str) -> Iterator[None]:
        """Be inside meanwhile. Raises 429."""
        if not self.enter(who):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "5"})
        try:
            yield
        finally:
            self.leave(who)


class Newcomers:
    """Counts who writes for the first time from each address: a cookie costs nothing, a visitor does.

    It knows only who wrote since the process began: who was here before is asked of the store.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._of: dict[str, dict[str, float]] = {}

    async def admits(self, who: str, chat: str, wrote_before: Callable[[str], Awaitable[bool]]) -> bool:
        """Say whether a chat may write from an address: it did before, or few others began there."""
        if not self._most:
            return True
        now = self._clock()
        known = self._of.pop(who, {})
        self._of[who] = known = {one: at for one, at in known.items() if at > now - _HOUR}  # the last again
        while len(self._of) > _ADDRESSES:
            del self._of[next(iter(self._of))]
        if chat not in known and len(known) >= self._most:
            return await wrote_before(chat)
        known[chat] = now
        return True


@lru_cache(maxsize=1024)
def host_name(host: str) -> str:
    """Return a host's name without its port, as it is compared."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return "?"


def networks(written: str) -> tuple[Network, ...]:
    """Read addresses and networks, parted by commas. Raises ValueError."""
    return tuple(ip_network(one.strip(), strict=False) for one in written.split(",") if one.strip())


@lru_cache(maxsize=1024)
def _number(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _counted(address: str) -> str:
    number = _number(address)
    return str(ip_network((number, 64), strict=False)) if isinstance(number, IPv6Address) else str(number)

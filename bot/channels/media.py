"""A file fetched from the address a platform named: within limits, and from no network but the public one."""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import ClientResponse, ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.channels.channel import NotThere
from bot.channels.raw import read_content

WITHIN = ClientTimeout(total=45, connect=5, sock_read=15)
"""Seconds for one file, below what the fetcher allows for a message."""
REDIRECTS = 3

_UNICAST, _TRANSLATED = IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96")
"""All that is handed out to hosts in public; older addresses as networks of the newer kind spell them."""

_BUSY = {408, 425, 429}
"""Refusals that may be over in a while."""


async def download(url: str, most: int, anywhere: Collection[str] = ()) -> bytes:
    """Return the file of at most `most` bytes that lies at an HTTP address.

    Whoever can make the platform name an address must not make us ask our own network: whatever a name or
    a redirect leads to, only public addresses are reached, but for the hosts that may be `anywhere`. Raises
    NotThere or TooBig; what else it raises (ClientError, TimeoutError) may be over in a while.
    """
    connector = TCPConnector(resolver=_Public(anywhere), use_dns_cache=False)
    async with ClientSession(connector=connector, timeout=WITHIN) as session:
        at = _checked(url, anywhere)
        for _ in range(1 + REDIRECTS):
            async with session.get(at, allow_redirects=False) as response:
                if (onward := _redirected(response)) is None:
                    return await _read(response, most)
            at = _checked(onward, anywhere)
    raise NotThere("one redirect after another")


def _checked(url: str, anywhere: Collection[str]) -> URL:
    """Read an address; one that names no public host by number, which no resolver would see, is refused."""
    try:
        found = URL(url)
        host = found.host or ""
    except ValueError:
        raise NotThere("not an address") from None
    if found.scheme not in {"http", "https"} or not host:
        raise NotThere("not an address of the web")
    if host not in anywhere and _is_number(host) and not _is_public(host):
        raise NotThere("an address that is not public")
    return found


def _redirected(response: ClientResponse) -> str | None:
    where = response.headers.get("Location")
    if not 300 <= response.status < 400 or where is None:
        return None
    try:
        return str(response.url.join(URL(where)))
    except ValueError:
        raise NotThere("redirected to no address") from None


async def _read(response: ClientResponse, most: int) -> bytes:
    if response.status >= 500 or response.status in _BUSY:
        response.raise_for_status()
    if response.status != 200:
        raise NotThere(f"the answer was {response.status}")
    return await read_content(response, most)


class _Public(AbstractResolver):
    """Finds hosts, and none that lies in a private network: what is checked here is what is connected to."""

    def __init__(self, anywhere: Collection[str]) -> None:
        self._anywhere = anywhere
        self._names = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return where the host is. Raises NotThere when that is nowhere in public."""
        found = await self._names.resolve(host, port, family)
        public = [one for one in found if host in self._anywhere or _is_public(one["host"])]
        if not public:
            raise NotThere("a host that is not public")
        return public

    async def close(self) -> None:
        """Do nothing: nothing is held."""
        await self._names.close()


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(number: str) -> bool:
    address = ip_address(number)
    if isinstance(address, IPv6Address):
        address = _within(address) or address
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast


def _within(address: IPv6Address) -> IPv4Address | None:
    """Return the older address that an address only wraps, and that a gateway would ask in its place."""
    translated = IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else None
    return address.ipv4_mapped or address.sixtofour or translated

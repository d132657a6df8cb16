"""Files fetched from addresses a platform named: never from a network that is not public."""

import socket

import pytest
from aiohttp.abc import ResolveResult

from bot.channels import media
from bot.channels.channel import NotThere
from tests.emulators.loopback import photo
from tests.emulators.telegram_contract import Page
from tests.emulators.zalo_bot import ZaloBotServer

OURS = ("127.0.0.1",)


def found(host: str) -> ResolveResult:
    """Write what a name leads to."""
    return ResolveResult(
        hostname="a.example", host=host, port=443, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/files",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:192.168.1.1]/",
        "https://[::127.0.0.1]/",
        "https://[::ffff:0:10.0.0.1]/",
        "https://[64:ff9b::10.1.2.3]/",
        "https://[2002:7f00:1::1]/",
        "https://[fec0::1]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://localhost:1/",
        "file:///etc/passwd",
        "ftp://example.com/a",
        "https://",
        "//a",
        "",
        "http://a:b:c/",
    ],
)
async def test_only_public_addresses_are_asked(url: str) -> None:
    """By number, by a name that leads home, or by another way than the web's."""
    with pytest.raises(NotThere):
        await media.download(url, 1000)


@pytest.mark.parametrize("onward", ["http://127.0.0.2:{port}/", "http://localhost:{port}/", "file:///a"])
async def test_a_redirect_leads_nowhere_else(zb: ZaloBotServer, onward: str) -> None:
    """What may lie anywhere is that one host, not what it points to."""
    url = zb.keep(photo(), "image/jpeg", "a.jpg")
    assert await media.download(url, 10_000, OURS) == photo()
    zb.faults["cdn"].append(Page(302, "", onward.format(port=zb.url.rpartition(":")[2])))
    with pytest.raises(NotThere, match=r"public|of the web"):
        await media.download(url, 10_000, OURS)


async def test_a_name_is_followed_to_its_public_addresses_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked is what is connected to: the name is looked up once."""
    resolver = media._Public(())

    async def resolve(*_: object) -> list[ResolveResult]:
        return [found("192.168.0.7"), found("1.1.1.1"), found("fd00::1")]

    monkeypatch.setattr(resolver._names, "resolve", resolve)
    assert [one["host"] for one in await resolver.resolve("a.example", 443)] == ["1.1.1.1"]

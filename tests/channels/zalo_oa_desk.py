"""What the tests of the Zalo Official Account share."""

from collections.abc import Callable, Sequence

from pydantic import SecretStr
from sqlalchemy import select

from bot.channels.parts import parts
from bot.channels.zalo_oa.channel import ZaloOa, ZaloOaKeys
from domain.messages import Choice, FileRef, Message
from storage.ground.tables import Inbox
from storage.mail import tokens
from storage.mail.outbox import Delivery
from storage.mail.tokens import Pair
from storage.store.engine import Store
from tests.conftest import MONDAY
from tests.emulators.zalo_oa import ZaloOaServer

OpenOa = Callable[..., ZaloOa]
YES, NO = Choice("Đúng, gửi đi", "pick:1:yes"), Choice("Chưa đúng", "pick:1:no")


def keys(server: ZaloOaServer, **other: str) -> ZaloOaKeys:
    """Describe the emulated account as settings do."""
    return ZaloOaKeys(
        app_id=server.app_id,
        app_secret=SecretStr(server.app_secret),
        secret=SecretStr(server.oa_secret),
        oa_id=server.oa_id,
        refresh_token=SecretStr(other.pop("refresh", server.refresh_token)),
        api_url=server.url,
        **other,  # type: ignore[arg-type]
    )


def delivery(
    text: str = "Chào bà con",
    choices: Sequence[Choice] = (),
    files: Sequence[FileRef] = (),
    to: str = "hoa",
    *,
    group: bool = False,
    wants: str = "",
) -> Delivery:
    """Write a message for somebody."""
    message = Message(text, tuple(choices), tuple(files), wants=wants)  # type: ignore[arg-type]
    return Delivery(
        key="k",
        account="zalo-oa",
        lane="lane",
        address=to,
        message=message,
        attempts=1,
        uncertain=False,
        edits=None,
        at=MONDAY,
        heard_at=MONDAY,
        group=group,
    )


async def send(channel: ZaloOa, what: Delivery) -> list[object]:
    """Send a message as the sender does, part by part; returns what became of each."""
    return [await channel.send(what, part) for part in parts(what.message, channel.caps)]


async def pair_of(store: Store) -> Pair:
    """Return the account's tokens."""
    async with store.read() as work:
        pair = await tokens.find(work, "zalo-oa")
    assert pair is not None
    return pair


async def inbox_of(store: Store) -> list[Inbox]:
    """Return what was stored, oldest first."""
    async with store.read() as work:
        return list(await work.session.scalars(select(Inbox).order_by(Inbox.seq)))

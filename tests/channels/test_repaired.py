"""After the repair of an account the desk speaks at once: the process that was broken alone had to wait."""

import pytest
from pydantic import SecretStr

from bot.channels.channel import Channel
from bot.channels.telegram.channel import Telegram
from bot.channels.zalo_bot.channel import ZaloBot
from bot.desk import Desk
from domain.messages import Message
from storage.people.people import load_chats
from storage.store.engine import Store
from tests.channels.telegram_desk import SECRET, Open
from tests.channels.telegram_out import send_all
from tests.channels.zalo_bot_desk import OpenBot
from tests.channels.zalo_oa_desk import OpenOa
from tests.conftest import StoppedClock
from tests.emulators.telegram import TelegramServer
from tests.emulators.zalo_bot import ZaloBotServer
from tests.emulators.zalo_oa import ZaloOaServer
from tests.emulators.zalo_oa_contract import BUSY
from tests.storage.commune import chat_of

WRONG = "4242:AAE-a_token_that_was_taken_back_000000000"


async def tell(store: Store, channel: Channel, *addresses: str) -> None:
    """Post a word to each."""
    async with store.work() as work:
        keys = [work.keyring.blind("chat", channel.account, address) for address in addresses]
        await load_chats(work, keys)
        for address in addresses:
            work.post(chat_of(work, address, channel.account), Message("Chào bà con"), address)


async def stands_still(desk: Desk, clock: StoppedClock, minutes: int) -> int:
    """Send, and go on sending for almost so long. Returns how many more messages were tried."""
    await desk.senders[0].step()
    clock.pass_(seconds=minutes * 60 - 1)
    return await desk.senders[0].step()


@pytest.mark.parametrize("repaired", ["started", "waited"])
async def test_a_token_that_was_put_right_is_used_by_the_next_start(
    store: Store, clock: StoppedClock, tg: TelegramServer, open_telegram: Open, repaired: str
) -> None:
    """Nothing goes out meanwhile; a new process says all of it in its first second, an old one in minutes."""
    people = [tg.chat(42), tg.chat(43)]
    broken = Telegram("telegram", SecretStr(WRONG), tg.url, SecretStr(SECRET), "webhook", store)
    desk = Desk(store, [broken])
    await tell(store, broken, "42", "43")
    assert await stands_still(desk, clock, 5) == 0
    if repaired == "started":
        desk = Desk(store, [open_telegram(store)])
    else:
        tg.token = WRONG
        clock.pass_(seconds=1)
    await send_all(desk)
    assert [person.texts for person in people] == [["Chào bà con"], ["Chào bà con"]]
    await broken.close()


async def test_a_new_consent_is_used_by_the_next_start(
    store: Store, clock: StoppedClock, oa: ZaloOaServer, open_oa: OpenOa
) -> None:
    """A refresh token that is refused stops the account; a start with a new one sends what waited."""
    person = oa.user("hoa")
    person.follow()
    broken = open_oa(store, refresh="used-up-long-ago")
    await tell(store, broken, "hoa")
    assert await stands_still(Desk(store, [broken]), clock, 10) == 0
    oa.accept_refresh("refresh-of-a-new-consent")
    await send_all(Desk(store, [open_oa(store, refresh="refresh-of-a-new-consent")]))
    assert person.texts == ["Chào bà con"]


async def test_a_bots_new_token_is_used_by_the_next_start(
    store: Store, clock: StoppedClock, zb: ZaloBotServer, open_bot: OpenBot
) -> None:
    """The same on the Bot Platform."""
    person = zb.user("hoa")
    broken = ZaloBot(SecretStr("1:wrong"), zb.url, SecretStr(SECRET), "webhook", store, None)
    await tell(store, broken, person.id)
    assert await stands_still(Desk(store, [broken]), clock, 5) == 0
    await send_all(Desk(store, [open_bot(store)]))
    assert person.texts == ["Chào bà con"]
    await broken.close()


async def test_what_a_platform_asks_for_outlives_a_start(
    store: Store, clock: StoppedClock, oa: ZaloOaServer, open_oa: OpenOa
) -> None:
    """A busy platform is left alone by the next process too."""
    oa.user("hoa").follow()
    channel = open_oa(store)
    await tell(store, channel, "hoa")
    oa.faults["cs"].append(BUSY)
    await Desk(store, [channel]).senders[0].step()
    assert await Desk(store, [open_oa(store)]).senders[0].step() == 0
    clock.pass_(seconds=31)
    await send_all(Desk(store, [open_oa(store)]))
    assert oa.user("hoa").texts == ["Chào bà con"]

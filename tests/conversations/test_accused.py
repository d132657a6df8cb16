"""Whatever becomes of a case that is kept close, nobody of the unit it accuses reads a word of it."""

import random
from datetime import timedelta

from sqlalchemy import select

from scheduler.clock import tick
from storage.ground.tables import Case
from tests.conversations.player import OFFICIALS, Player

STORY = "cán bộ địa chính hạch sách, vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
ACCUSED = ("officer", "colleague", "supervisor")
SAID = {
    "citizen": "hôm thứ Năm ở phòng|2|chưa đúng việc|1|them {code} ông ấy lại đòi nữa|rut {code}"
    "|goi lai|0905123456",
    "neighbour": STORY + "|1|{code}|theo doi {code}|{code} 3456",
    "head": "nhan {code}|hoi {code} Người đó nhận tiền ngày nào ạ?|ghi chu {code} đã gọi điện|1|2|3"
    "|giao {code}|tl {code} Xã đã xác minh ngày 20/11, hồ sơ được trả trong tuần này, không thu thêm."
    "|dong {code}|gia han {code}|nghi 17/11-20/11|menu",
    "party": "nhan lay {code}|nhac {code}|giao {code}|nghi 18/11|1|2",
    "officer": "nhan {code}|xem {code}|them {code} chuyện gì đấy|tl {code} Đã xong sáng nay.|menu"
    "|nghi 17/11-19/11|1",
    "supervisor": "viec|qua han|don vi|cho duyet|giao {code}|ai xem {code}|chan {code}|nhan lay {code}|1|2|3",
    "colleague": "tra cuu|theo doi {code}|{code} 3456|mo danh tinh {code}",
}


async def test_nobody_who_is_accused_reads_of_it(player: Player) -> None:
    """Said in any order, with nights between: no words and no button of any message name it to them."""
    await player.seats(OFFICIALS)
    await player.say("citizen", {"text": STORY})
    await player.say("citizen", {"text": "1"})
    async with player.store.read() as work:
        code = (await work.session.scalars(select(Case.code))).one()
    acts = [(who, text) for who, texts in SAID.items() for text in texts.split("|")]
    dice = random.Random(7)
    for who, text in dice.choices(acts, k=160):
        if dice.random() < 0.1:
            player.clock.at += timedelta(hours=dice.choice([3, 20, 26, 70]))
            await tick(player.store)
        await player.say(who, {"text": text.replace("{code}", code)})
    heard = [repr(told.message) for told in player.paper.told if told.address in ACCUSED]
    assert len(heard) > len(ACCUSED)
    assert not [text for text in heard if code in text or "vòi tiền" in text or "địa chính" in text]

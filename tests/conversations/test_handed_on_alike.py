"""A case that left because of what was said of somebody looks to them like any case that was handed on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.cases import Act
from services.acts.act import act
from services.acts.following import Follow
from services.acts.withdrawing import Withdraw
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.ground.tables import Case
from storage.people import people
from tests.conversations.player import OFFICIALS, Player

CONCERNED = ("officer", "colleague", "supervisor", "group")
TRIED = (
    "officer: {c}",
    "officer: tl {c} Đã nạo vét xong, nước rút hết.",
    "officer: nhan {c}",
    "officer: giahan {c}",
    "officer: chuyen {c}",
    "officer: theo doi {c}",
    "officer: ai xem {c}",
    "officer: viec",
    "officer: tra cuu",
    "colleague: {c}",
    "colleague: tra cuu",
    "colleague: nhan {c}",
    "supervisor: {c}",
    "supervisor: duyet {c}",
    "supervisor: giao {c}",
    "supervisor: viec",
    "supervisor: quahan",
    "supervisor: don vi",
    "officer-group: {c}",
    "officer-group: /nhan {c}",
    "officer-group: theo doi {c}",
)
ACCUSING = (
    "anh Tuan doi toi 500 nghin",
    "them {c} phòng kinh tế ăn tiền của dân",
)


async def heard_after(player: Player, hamlet: str, how: str, before: str) -> list[str]:
    """Let an officer have a case, and let it leave; returns what his unit hears then, without its code.

    `how` is what the citizen says, or nothing where a head hands it on; `before` is what was done before.
    """
    for words in (f"den duong {hamlet} hu lau roi", "1"):
        await player.say("citizen", {"text": words}, silent=True)
    async with player.store.read() as work:
        newest = select(Case.code).order_by(Case.opened_at.desc(), Case.id.desc())
        code = (await work.session.scalars(newest)).first()
    assert code is not None
    for line in (f"nhan {code}", *filter(None, before.format(c=code).split(" / "))):
        await player.say("officer", {"text": line}, silent=True)
    async with player.store.work() as work:
        case, key = await stored.by_code(work, code), player.key("colleague")
        await people.load_chats(work, [key])
        assert case is not None
        await act(work, case, Follow(), Actor.of(work.chats[key]))
    await player.settle()
    said = len(player.paper.told)
    if how:
        await player.say("citizen", {"text": how.format(c=code)}, silent=True)
    else:
        for words in (f"giao {code}", "Văn phòng"):
            await player.say("head", {"text": words}, silent=True)
    for line in TRIED:
        who, _, words = line.partition(": ")
        await player.say(who, {"text": words.format(c=code)}, silent=True)
        if who != "officer-group":
            await player.say(who, {"text": "huy"}, silent=True)
    told = [one for one in player.paper.told[said:] if one.address in CONCERNED]
    async with player.store.work() as work:  # so that the next begins as this one did
        case = await stored.by_code(work, code)
        assert case is not None
        await people.load_chats(work, [key])
        if not how:
            await act(work, case, Act.UNFOLLOW, Actor.of(work.chats[key]))
        await act(work, case, Withdraw("done"), Actor(case.chat_key))
    await player.settle()
    heard = [
        f"{one.address} {bool(one.edits)} {one.message.text} {[c.label for c in one.message.choices]}"
        for one in told
    ]
    return sorted(
        text.replace(code, "CODE").replace(hamlet.replace("thon", "thôn"), "HAMLET") for text in heard
    )


@pytest.mark.parametrize(
    ("how", "before"),
    [
        (ACCUSING[0], "hoi {c} Cống đoạn nào ạ?"),
        (ACCUSING[1], "giahan {c} / 3 / chờ vật tư / 1"),
    ],
)
async def test_whoever_it_left_cannot_tell_why(player: Player, how: str, before: str) -> None:
    """The same words and pushes, the same answers to a code, to buttons and lists, also to who follows it."""
    await player.seats(OFFICIALS)
    await player.say("supervisor-group", {"text": "/nhom"}, silent=True)
    ordinary = await heard_after(player, "thon 1", "", before)
    player.clock.at += timedelta(minutes=5)
    accused = await heard_after(player, "thon 2", how, before)
    assert any("đã được giao cho đơn vị khác" in text for text in accused)
    assert not [text for text in accused if "Không thấy mã" in text]
    assert accused == ordinary


async def test_of_a_case_that_accused_from_the_beginning_nobody_outside_knows(player: Player) -> None:
    """It was never one that anybody could look up."""
    await player.seats(OFFICIALS)
    for words in ("anh Tuân phòng kinh tế đòi tôi năm triệu ở thôn 3", "1", "1"):
        await player.say("citizen", {"text": words}, silent=True)
    async with player.store.read() as work:
        code = (await work.session.scalars(select(Case.code))).one()
    await player.say("citizen", {"text": f"them {code} bà Thảo cũng đòi"}, silent=True)
    for who in ("officer", "colleague", "neighbour"):
        await player.say(who, {"text": code}, silent=True)
        assert "Không thấy mã này" in player.paper.told[-1].message.text

"""What is offered is possible, what is promised is true, and words are taken where a button fits."""

from collections.abc import Mapping

import pytest

import locales
from bot.stories import Pass
from domain.cases import NotAllowed, NotNow
from handlers.door import verbs
from handlers.door.catalogue import CONVERSATIONS
from handlers.engine.conversation import Talk, Turn
from services.saying import cards
from storage.cases import cases as stored
from storage.people import people, reached
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
FIRE = "cháy nhà ở thôn 1, lửa to lắm"
BEATEN = "chồng tôi đang đánh tôi ở thôn 1, cứu với"
SEATS = ("officer", "supervisor", "head", "party", "duty", "police")


def heard(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(one.message.text for one in player.paper.told if one.address == who)


async def told(player: Player, story: str, *, confirm: bool = True) -> str:
    """Let a citizen tell something; returns the code."""
    await player.say("citizen", {"text": story})
    if confirm:
        await player.say("citizen", {"text": "1"})
    return heard(player, "citizen").partition("Mã: ")[2].split()[0]


STEPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "received": (),
    "accepted": (("officer", "nhan {c}"),),
    "taken by the chief": (("supervisor", "nhan {c}"),),
    "asked": (("officer", "nhan {c}"), ("officer", "hoi {c} Cống đoạn nào ạ?")),
    "more time asked": (
        ("officer", "nhan {c}"),
        ("officer", "gia han {c}"),
        ("officer", "1"),
        ("officer", "1"),
    ),
    "answered": (("officer", "nhan {c}"), ("officer", "tl {c} Sáng nay đội đã nạo vét cống, nước rút hết.")),
    "handed on": (("officer", "chuyen {c} cho cong an"), ("officer", "1")),
}
URGENT: Mapping[str, tuple[tuple[str, str], ...]] = {
    "untaken": (),
    "taken": (("police", "nhan {c}"),),
    "taken over": (("head", "nhan lay {c}"),),
    "calmed": (("police", "nhan {c}"), ("police", "khong khan {c}"), ("police", "1")),
}
CASES = [
    *((DRAIN, name, steps) for name, steps in STEPS.items()),
    *((FIRE, name, steps) for name, steps in URGENT.items()),
    (BEATEN, "untaken", ()),
]


@pytest.mark.parametrize(
    ("story", "name", "steps"), CASES, ids=lambda part: part if isinstance(part, str) else ""
)
async def test_every_button_that_is_offered_can_be_pressed(
    player: Player, story: str, name: str, steps: tuple[tuple[str, str], ...]
) -> None:
    """Whoever it is offered to, in whatever state: none is refused, and none leads to the same nowhere."""
    await player.seats(SEATS)
    code = await told(player, story, confirm=story == DRAIN)
    for who, text in steps:
        await player.say(who, {"text": text.replace("{c}", code)})
    pressed = 0
    for seat in (*SEATS, "citizen"):
        for verb in await offered(player, seat, code):
            pressed += 1
            assert await begins(player, seat, code, verb), (name, seat, verb)
    assert pressed


async def offered(player: Player, seat: str, code: str) -> list[str]:
    """Return the actions somebody is offered with the case now, on the card and behind “more”."""
    async with player.store.read() as work:
        await reached.load(work)
        case, chat = await stored.by_code(work, code), await people.chat(work, player.key(seat))
        assert case is not None
        await people.load_chats(work, [case.chat_key])
        if seat == "citizen":
            return [one.action for one in cards.citizen_choices(work, case, "vi")]
        found = (*cards.card_verbs(work, case, chat), *cards.other_verbs(work, case, chat))
        return [one.action for one in cards.buttons(case, "vi", dict.fromkeys(found))]


async def begins(player: Player, seat: str, code: str, action: str) -> bool:
    """Press a button and let nothing of it be kept; says whether it was not refused."""
    async with player.store.read() as work:
        await reached.load(work)
        case, chat = await stored.by_code(work, code), await people.chat(work, player.key(seat))
        assert case is not None
        await people.load_chats(work, [case.chat_key])
        verb, _, version, argument = verbs.read(action)
        try:
            reply = await verbs.begin(
                Turn(work, chat, Talk.of(chat), CONVERSATIONS), verb, case, version, argument
            )
        except (NotAllowed, NotNow):
            return False
        nobody = locales.words("vi")("official.nobody_to_nudge", code=code)
        return getattr(reply, "text", "") != nobody


async def test_nobody_is_reminded_where_there_is_nobody(player: Player) -> None:
    """Neither offered by a letter nor said to be done; what can be done is offered instead."""
    await player.seat("supervisor")
    code = await told(player, DRAIN)
    await player.say("supervisor", {"text": "viec"})
    assert "1a" not in player.paper.told[-1].message.text
    for words in ("1a", f"nhac {code}"):
        await player.say("supervisor", {"text": words})
        last = player.paper.told[-1].message
        assert "Đã nhắc" not in last.text
        assert [choice.label for choice in last.choices] == ["Nhận xử lý", "Giao lại", "Xem"]


async def test_who_works_on_a_case_reads_who_may_open_its_sender(player: Player) -> None:
    """Taking it opens nothing, and they are not told that only whoever was given it may."""
    await player.seats(("officer", "supervisor", "head", "keeper"))
    code = await told(player, DRAIN)
    await player.say("supervisor", {"text": f"nhan {code}"})
    await player.say("supervisor", {"text": f"mo danh tinh {code}"})
    assert "không gửi kín danh tính" in heard(player, "supervisor")
    async with player.store.work() as work:
        case = await stored.by_code(work, code)
        assert case is not None
        case.sealed = True
    await player.say("supervisor", {"text": f"mo danh tinh {code}"})
    assert "Chỉ người gửi hoặc người được giao" not in heard(player, "supervisor")
    assert "người giữ danh tính" in heard(player, "supervisor")


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        ((), "Hiện chưa cán bộ nào nhận được tin ở đây"),
        (("admin",), "quản trị đã được báo"),
        (("officer",), "cán bộ nhận việc trong 1 ngày làm việc"),
        (("head",), "cán bộ nhận việc trong 1 ngày làm việc"),
    ],
)
async def test_the_receipt_promises_what_is_so(player: Player, seats: tuple[str, ...], words: str) -> None:
    """That somebody takes it where somebody can; where only an admin is told, that."""
    await player.seats(seats)
    await told(player, DRAIN)
    assert words in heard(player, "citizen")
    assert heard(player, "citizen").count("Tiếp theo: cán bộ nhận việc") == ("nhận việc" in words)


async def test_a_reason_to_close_can_be_written_at_once(player: Player) -> None:
    """It is another reason, and its words are the ones the citizen will read."""
    await player.seats(("officer", "supervisor"))
    code = await told(player, DRAIN)
    why = "Việc này thuộc công ty thoát nước tỉnh, mời bà con đến số 12 phố Mẫu."
    for text in (f"nhan {code}", f"dong {code}", why):
        await player.say("officer", {"text": text})
    assert f"lý do khác.\n{why}" in heard(player, "officer")
    await player.say("officer", {"text": "2"})
    await player.say("officer", {"text": f"{why} Giờ hành chính."})
    await player.say("officer", {"text": "1"})
    assert "Đã trình lãnh đạo" in heard(player, "officer")


@pytest.mark.parametrize("words", ["van chua thay gi", "vẫn chưa thấy ai tới làm"])
async def test_words_at_the_mark_of_a_sealed_case_are_passed_on(player: Player, words: str) -> None:
    """Instead of a number: nothing that is said is dropped."""
    await player.seats(("officer", "supervisor"))
    for text in ("gui kin", DRAIN, "1"):
        await player.say("citizen", {"text": text})
    secret = heard(player, "citizen").partition("Mã bí mật: ")[2][:19]
    for _ in range(120):
        if "LM-" in heard(player, "officer"):
            break
        player.clock.at = (await player.next_moment()) or player.clock.at
        await player._pass(Pass(0, 1, "minute"))
    code = heard(player, "officer").partition("LM-")[2][:7]
    await player.say("supervisor", {"text": f"nhan LM-{code}"})
    await player.say("supervisor", {"text": f"tl LM-{code} Sáng nay đội đã nạo vét cống, nước rút hết."})
    await player.say("citizen", {"text": f"xem {secret}"})
    await player.say("citizen", {"text": "1"})
    await player.say("citizen", {"text": words})
    await player._pass(Pass(0, 2, "working day"))
    assert words in heard(player, "supervisor")

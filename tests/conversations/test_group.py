"""In a group nothing personal of any case is ever said, whatever is typed or pressed there by whomever."""

import random
import re
import string

import pytest

import locales
from bot.stories import Attach
from handlers.engine import keywords
from scheduler.clock import begin, tick
from services.office import orders
from storage.cases import cases
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.people import people
from tests.conversations.player import GROUP, Player

MATTERS = (
    "cống tắc mấy hôm rồi, mưa là ngập",
    "đèn đường hỏng nửa tháng nay, tối om",
    "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ",
    "rác đổ đầy bờ mương, hôi lắm",
    "cháy nhà, lửa to lắm",
)
SPEAKERS = ("citizen", "neighbour", "officer", "supervisor", "head", "police", "keeper", "admin", "nobody")
WORDS = sorted({*keywords.WORDS, *"123450"})
VERBS = sorted(keywords.VERBS)
CODE = re.compile(r"LM-[0-9A-Z]{7}")


def name(dice: random.Random) -> str:
    """Return a name that stands nowhere else."""
    return "Xq" + "".join(dice.choices(string.ascii_lowercase, k=6))


def number(dice: random.Random) -> str:
    """Return a telephone number."""
    return "09" + "".join(dice.choices(string.digits, k=8))


async def tell(player: Player, dice: random.Random, who: str) -> tuple[str, set[str]]:
    """Let somebody send a story alone. Returns it and the words in it that nobody else may read."""
    personal = {name(dice), number(dice), name(dice)}
    first, phone, place = sorted(personal, key=str.isdecimal)
    story = f"tôi là {first}, số {phone}, {dice.choice(MATTERS)} gần nhà {place} thôn {dice.randint(1, 4)}"
    for text in (story, "1", "1", "1", "huy"):
        await player.say(who, {"text": text})
    return story, personal


def something(dice: random.Random, codes: list[str], stories: list[str]) -> dict[str, object]:
    """Return something to type or press in a group."""
    code = dice.choice([*codes, "LM-7K3M2R9"])
    typed = [
        dice.choice(WORDS),
        code,
        f"{dice.choice(VERBS)} {code}",
        f"{dice.choice(VERBS)} {code} đã xem, sẽ làm xong trong tuần này",
        dice.choice(stories),
    ]
    if dice.random() < 1 / 4:
        verb = dice.choice(["accept", "show", "answer", "ask", "rate", "withdraw", "record", "menu", "pick"])
        return {"tap": f"{verb}:{code}:{dice.randint(1, 3)}"}
    return {"text": dice.choice(typed)}


def codes_told(player: Player) -> list[str]:
    """Return every code anybody was told."""
    return sorted({code for told in player.paper.told for code in CODE.findall(told.message.text)})


def in_group(player: Player) -> list[Delivery]:
    """Return what the group was told."""
    return [told for told in player.paper.told if told.address == GROUP]


@pytest.mark.parametrize("seed", range(6))
async def test_a_group_reads_nothing_personal(player: Player, seed: int) -> None:
    """Neither words of a story, nor names, places or numbers; what is kept close is not there at all."""
    dice = random.Random(seed)
    await player.seats(SPEAKERS[2:-1])
    told = [await tell(player, dice, who) for who in ("citizen", "neighbour", "citizen")]
    stories, personal = [story for story, _ in told], set().union(*(words for _, words in told))
    codes = codes_told(player)
    for _ in range(25):
        await player.say(f"{dice.choice(SPEAKERS)}-{GROUP}", something(dice, codes, stories))
    async with player.store.read() as work:
        places = {area.name for area in work.rules.directory.hamlets}
    names = {"Tuân", "Sáng", "Thịnh", "Dũng", "Quý", "vòi tiền", "sổ đỏ", "rác đổ", "cống tắc", "lửa to"}
    read = "\n".join(delivery.message.text for delivery in in_group(player))
    assert read
    assert not [word for word in personal | names | places if word in read]
    assert not any(delivery.message.files for delivery in in_group(player))
    assert not await _kept_close(player, CODE.findall(read))


async def _kept_close(player: Player, codes: list[str]) -> list[str]:
    async with player.store.read() as work:
        found = [await cases.by_code(work, code) for code in codes]
        return [case.code for case in found if case is not None and case.confidential]


async def test_talk_is_not_answered(player: Player) -> None:
    """People talk to each other; “ok” and “0” are not meant for the desk there."""
    for text in ("chiều nay họp lúc 2 giờ nhé", "ok", "0", "gửi", "đúng rồi", "1", "huỷ", "dừng"):
        await player.say(f"officer-{GROUP}", {"text": text})
    assert in_group(player) == []


async def test_who_begins_to_tell_something_is_asked_once_a_day_to_write_alone(player: Player) -> None:
    """And nothing of it becomes a case."""
    for _ in range(3):
        await player.say(f"citizen-{GROUP}", {"text": "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"})
    assert [d.message.text for d in in_group(player)] == [locales.words("vi")("group.alone")]
    assert codes_told(player) == []


async def test_an_invite_shown_in_a_group_is_void(player: Player) -> None:
    """Whoever read it there can do nothing with it."""
    async with player.store.work() as work:
        person = await people.person_by_code(work, "kt_thao")
        assert person is not None
        token = await people.invite(work, person.id)
    await player.say(f"citizen-{GROUP}", {"text": token})
    await player.say("citizen", {"text": token})
    assert player.paper.told[-1].message.text == locales.words("vi")("invite.used")


def test_what_came_from_one_person_is_stored_as_ever() -> None:
    """Older rows of the inbox name no speaker, and new ones only where there is a group."""
    assert Arrived("a", "1", "here", {"text": "x"}).stored() == {"address": "here", "raw": {"text": "x"}}
    assert Arrived("a", "1", "here", {}, "me").stored() == {"address": "here", "raw": {}, "speaker": "me"}


async def test_what_a_verb_says_and_hands_out_goes_aside(player: Player) -> None:
    """The group sees that the case is taken; its files go to the officer's own chat."""
    photo = Attach(1, "citizen", "photo", "cống thôn 3 tắc mấy hôm rồi, mưa là ngập")
    await player.say("citizen", await player._file(photo))
    await player.say("citizen", {"text": "1"})
    await player.seat("officer")
    (code,) = codes_told(player)
    await player.say(f"officer-{GROUP}", {"text": f"nhan {code}"})
    (group,) = in_group(player)
    aside = [told.message for told in player.paper.told if told.key.startswith("aside:")]
    assert (group.message.files, group.message.choices) == ((), ())
    assert [len(message.files) for message in aside] == [1]


async def test_a_group_learns_nothing_of_a_case_about_its_own_unit(player: Player) -> None:
    """Whoever there has its code is told what everybody is told of a code that does not exist."""
    for text in ("cống thôn 3 tắc mấy hôm rồi, mưa là ngập", "1"):
        await player.say("citizen", {"text": text})
    (code,) = codes_told(player)
    await player.seat("supervisor")
    await player.say(f"supervisor-{GROUP}", {"text": "/nhom"})
    await player.say(f"officer-{GROUP}", {"text": code})
    assert code in in_group(player)[-1].message.text
    async with player.store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        case.excluded = [str(case.unit_id)]
    for asked in (code, f"nhan {code}"):
        await player.say(f"officer-{GROUP}", {"text": asked})
        assert code not in in_group(player)[-1].message.text


# --- whose group it is ---------------------------------------------------------------------------

END = {"do": "end_role", "person": "kt_truong", "unit": "kt_xa", "role": "supervisor"}
GIVE = {"do": "give_role", "person": "kt_thao", "unit": "kt_xa", "role": "supervisor"}


async def order(player: Player, what: dict[str, str]) -> None:
    """Carry out an order of two."""
    async with player.store.work() as work:
        await orders.carry_out(work, what, None)


async def tied(player: Player) -> None:
    """Let the chief of the economy unit tie the group."""
    await player.seats(("officer", "supervisor", "admin", "colleague"))
    for name in ("supervisor", "colleague"):
        await player.say(name, {"text": "menu"})
    await player.say(f"supervisor-{GROUP}", {"text": "/nhom"})


async def reported(player: Player, who: str = "citizen", place: str = "thôn 3") -> None:
    """Let a case come to the unit."""
    await player.say(who, {"text": f"cống {place} tắc mấy hôm rồi, mưa là ngập"})
    await player.say(who, {"text": "gui"})


def told(player: Player, address: str, key: str) -> int:
    """Count how often somebody was told something, by how it begins."""
    begins = locales.words("vi")(key, unit="Phòng Kinh tế", name="Vũ Đình Sáng").splitlines()[0]
    return sum(one.address == address and one.message.text.startswith(begins) for one in player.paper.told)


async def test_a_group_ends_with_the_role_of_who_tied_it(player: Player) -> None:
    """No card comes there any more, though there is another chief; group and admin are told once."""
    await tied(player)
    await order(player, {**GIVE, "from": "2026-11-16"})
    await order(player, {**END, "to": "2026-11-15"})
    before = len(in_group(player))
    await reported(player)
    await reported(player, "neighbour", "thôn 1")
    assert [told(player, GROUP, "group.over"), told(player, "admin", "group.over_admin")] == [1, 1]
    assert len(in_group(player)) == before + 1
    assert len(codes_told(player)) == 2


async def test_the_new_chief_ties_it_again(player: Player) -> None:
    """And then it gets the cards, as before."""
    await tied(player)
    await order(player, {**GIVE, "from": "2026-11-16"})
    await order(player, {**END, "to": "2026-11-15"})
    await reported(player)
    await player.say(f"colleague-{GROUP}", {"text": "/nhom"})
    await reported(player, "neighbour", "thôn 1")
    assert CODE.findall(in_group(player)[-1].message.text)


async def test_a_card_that_waits_for_the_morning_is_taken_back(player: Player) -> None:
    """The role ends with the day: what was held overnight is not shown there in the morning."""
    await tied(player)
    await order(player, {**END, "to": "2026-11-16"})
    await begin(player.store)
    for hours in (13, 2, 8):
        player.clock.pass_(hours=hours)
        await tick(player.store)
        await player.settle()
        if hours > 10:
            await reported(player)
    assert told(player, GROUP, "group.over") == 1
    assert not any(CODE.findall(one.message.text) for one in in_group(player))


async def test_of_a_group_of_before_any_chief_will_do(player: Player) -> None:
    """Nobody noted who tied it: it ends when the unit has no chief any more."""
    await tied(player)
    async with player.store.work() as work:
        await people.load_chats(work, [player.key(GROUP)])
        work.chats[player.key(GROUP)].talk = {}
    await order(player, {**GIVE, "from": "2026-11-16"})
    await order(player, {**END, "to": "2026-11-15"})
    await reported(player)
    assert CODE.findall(in_group(player)[-1].message.text)
    assert told(player, GROUP, "group.over") == 0

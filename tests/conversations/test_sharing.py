"""What phones share, what is changed afterwards, and who may be written to: whatever the channel."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

import locales
from domain import spots
from domain.cases import Act
from domain.messages import Contact, Edited, FileRef, Files, Location, Message, Moved, Presence
from domain.people import Role
from handlers.citizen import by_link, map_points
from handlers.engine import by_role, commands
from storage.cases import cases
from storage.ground.tables import Inbox
from storage.people import people
from tests.conversations.paper import on_paper
from tests.conversations.player import GROUP, Player

STORY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
PLACE = Location(18.0821, 106.2911)


async def type_(player: Player, who: str, *texts: str) -> Message:
    """Type these one after the other. Returns the last reply."""
    for text in texts:
        await player.say(who, {"text": text})
    return replies(player, who)[-1]


async def share(player: Player, who: str, said: Any) -> Message:  # noqa: ANN401 - anything that can be shared
    """Share this. Returns the last reply there was."""
    await player.say(who, on_paper(said), silent=isinstance(said, Presence))
    return replies(player, who)[-1]


def replies(player: Player, who: str) -> list[Message]:
    """Return everything somebody was told, oldest first."""
    return [told.message for told in player.paper.told if told.address == who]


async def history(player: Player, code: str) -> list[tuple[str, str]]:
    """Return what was done to a case and in which words."""
    async with player.store.read() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        return [(line.act, line.detail.get("text", "")) for line in await cases.history(work, case)]


def code_of(message: Message) -> str:
    """Return the code a receipt names."""
    found = re.search(r"LM-\w{7}", message.text)
    assert found is not None
    return found[0]


# --- points --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "label"),
    [
        (PLACE, "vị trí 18.08210, 106.29110"),
        (Location(-8.5, -0.000001), "vị trí -8.50000, -0.00000"),
        (Location(18.0821, 106.2911, " Chợ\nMẫu "), "Chợ Mẫu (18.08210, 106.29110)"),
        (Location(18.0821, 106.2911, "a " * 200), f"{'a ' * 44}a … (18.08210, 106.29110)"),
    ],
)
def test_a_point_is_written_as_digits_a_map_understands(said: Location, label: str) -> None:
    """Latitude and longitude in degrees with five digits, behind the address if there is one."""
    assert map_points.label(said, "vi") == label
    assert map_points.within(label) == label.rpartition("(")[2].strip(")") if "(" in label else True
    assert map_points.alone(label) is (not said.address)


def test_a_later_point_takes_the_place_of_an_earlier_one() -> None:
    """A place has one point; words without one change nothing."""
    first = map_points.at("thôn 3", "vị trí 18.08210, 106.29110")
    assert first == "thôn 3 (18.08210, 106.29110)"
    assert map_points.at(first, "18.10000, 106.30000") == "thôn 3 (18.10000, 106.30000)"
    assert map_points.at(first, "cạnh chợ") == first


async def test_the_place_question_lets_a_phone_share_it(player: Player) -> None:
    """So does the question for a number; other questions ask for nothing of the kind."""
    assert (await type_(player, "citizen", "đèn đường hỏng cả tuần nay, tối om")).wants == "location"
    assert (await share(player, "citizen", PLACE)).wants == ""
    assert (await type_(player, "neighbour", "goi lai")).wants == "contact"


async def test_a_point_does_not_overwrite_a_draft(player: Player) -> None:
    """At the review it makes the place exact; what was told stays."""
    await type_(player, "citizen", STORY)
    review = await share(player, "citizen", PLACE)
    assert "• Ở đâu: thôn 3, xã Tân Lập Mẫu (18.08210, 106.29110)\n" in review.text
    assert f"• Việc: {STORY}\n" in review.text


# --- numbers -------------------------------------------------------------------------------------


async def test_only_ones_own_number_is_vouched_for(player: Player) -> None:
    """A card out of the phone book ties nobody to anybody."""
    await share(player, "citizen", Contact("0905123456"))
    await share(player, "neighbour", Contact("0905123457", own=True))
    async with player.store.read() as work:
        await people.load_chats(work, [player.key("citizen"), player.key("neighbour")])
        vouched = {name: work.chats[player.key(name)].phone_key for name in ("citizen", "neighbour")}
        kept = {name: work.chats[player.key(name)].contact for name in ("citizen", "neighbour")}
    assert vouched["citizen"] is None
    assert vouched["neighbour"] is not None
    assert kept == {"citizen": None, "neighbour": "+84905123457"}


async def test_a_number_that_was_only_shown_is_not_kept(player: Player) -> None:
    """“No” ends the question: what is told next is heard."""
    await share(player, "citizen", Contact("0905123456"))
    assert (await type_(player, "citizen", "khong")).text == locales.words("vi")("contact.done.none")
    assert STORY in (await type_(player, "citizen", STORY)).text
    async with player.store.read() as work:
        await people.load_chats(work, [player.key("citizen")])
        assert work.chats[player.key("citizen")].contact is None


# --- edits ---------------------------------------------------------------------------------------


async def test_edge_09_an_edit_never_changes_what_was_sent(player: Player) -> None:
    """The story stays, and the correction stands beside it in the history."""
    code = code_of(await type_(player, "citizen", STORY, "1"))
    before = await history(player, code)
    await share(player, "citizen", Edited("cống thôn 4 tắc mấy hôm rồi, mưa là ngập"))
    assert (await history(player, code))[:-1] == before
    corrected = (Act.SUPPLEMENT, "Bà con sửa lại tin đã gửi: cống thôn 4 tắc mấy hôm rồi, mưa là ngập")
    assert (await history(player, code))[-1] == corrected


async def test_an_edit_goes_to_the_case_it_is_like(player: Player) -> None:
    """Not to the latest: of two open cases the one told in those words."""
    first = code_of(await type_(player, "citizen", STORY, "1"))
    player.clock.at += timedelta(minutes=10)
    second = code_of(await type_(player, "citizen", "đèn đường xóm Đình hỏng cả tuần nay", "1"))
    reply = await share(player, "citizen", Edited("cống thôn 3 tắc cả tháng rồi, mưa là ngập"))
    assert code_of(reply) == first != second


async def test_an_edit_that_belongs_to_nothing_is_kept_nowhere(player: Player) -> None:
    """It may correct what was sent sealed: nothing ties it to a case in the sender's name."""
    code = code_of(await type_(player, "citizen", STORY, "1"))
    before = await history(player, code)
    reply = await share(player, "citizen", Edited("cán bộ địa chính vòi tiền nhà tôi hôm qua"))
    assert reply.text == locales.words("vi")("edited.again")
    assert await history(player, code) == before
    async with player.store.read() as work:
        latest = await work.session.scalar(select(Inbox).where(Inbox.external_id == f"m{player.said}"))
        assert latest is None or "vòi tiền" not in str(latest.body)
        await people.load_chats(work, [player.key("citizen")])
        assert "vòi tiền" not in str(work.chats[player.key("citizen")].talk)


async def test_danger_told_by_an_edit_is_not_a_correction_only(player: Player) -> None:
    """It becomes an emergency at once, whether or not it belongs to a case."""
    await player.seat("duty")
    await type_(player, "citizen", STORY, "1")
    alarm = await share(
        player, "citizen", Edited("cống thôn 3 tắc, mưa ngập, cháu bé rơi xuống cống rồi, cứu với")
    )
    assert "114" in alarm.text
    assert any("KHẨN" in told.text for told in replies(player, "duty"))
    alone = await share(player, "neighbour", Edited("cháy nhà ở thôn 1, lửa to lắm"))
    assert "114" in alone.text
    assert "Mã: LM-" in alone.text


# --- files of which some did not come ------------------------------------------------------------


async def test_one_reply_says_what_was_kept_and_what_was_not(player: Player) -> None:
    """Each reason once, before whatever is asked."""
    said = Files((), "", ("upload.too_big", "upload.too_big", "upload.lost"))
    assert (await share(player, "citizen", said)).text == locales.words("vi")("unsupported.upload.too_big")
    words = Files((), STORY, ("upload.too_big", "upload.lost", "upload.lost"))
    reply = await share(player, "citizen", words)
    remark = " ".join(locales.words("vi")(f"unsupported.upload.{key}") for key in ("too_big", "lost"))
    assert reply.text.startswith(remark)
    assert f"• Việc: {STORY}" in reply.text


# --- seen, shut, moved ---------------------------------------------------------------------------


async def test_what_is_kept_silently_is_marked_as_seen(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the channel says what it calls the message; the numbers of the latest menu stay good."""
    # On a class of its own: what a class can do is remembered when a protocol asks for it.
    marking = type("MarkingPaper", (type(player.paper),), {"message_id": lambda *_: "77"})
    monkeypatch.setattr(player.paper, "__class__", marking)
    player.paper.caps = replace(player.paper.caps, reactions=True)
    await type_(player, "citizen", STORY)
    player.between *= 0
    for n in range(14):
        await player.say("citizen", {"text": f"cống nhà số {n} cũng tắc các anh ơi"})
    async with player.store.read() as work:
        await people.load_chats(work, [player.key("citizen")])
        assert work.chats[player.key("citizen")].menu
    seen = [message for message in replies(player, "citizen") if message.seen]
    assert {(message.text, message.seen) for message in seen} == {("", "77")}


async def test_who_has_blocked_the_desk_is_told_nothing_until_they_return(player: Player) -> None:
    """And the block is no word of theirs: it begins nothing."""
    await type_(player, "citizen", STORY, "1")
    told = len(replies(player, "citizen"))
    await share(player, "citizen", Presence(here=False))
    await player.seat("officer")
    await type_(player, "officer", "nhan LM-6NYWV4N")
    assert len(replies(player, "citizen")) == told
    await share(player, "citizen", Presence(here=True))
    await type_(player, "officer", "hoi LM-6NYWV4N Cống đoạn nào ạ?")
    assert len(replies(player, "citizen")) == told + 1


@pytest.mark.parametrize("asked", [("noi kenh",), ("english", "link")])
async def test_the_button_of_a_link_copies_what_one_is_told_to_type(
    player: Player, asked: tuple[str, ...]
) -> None:
    """Nobody has to wonder which of two codes is theirs."""
    told = await type_(player, "citizen", *asked)
    assert re.fullmatch(r"\w+ \d{4} \d{4}", told.copy)
    assert told.copy in told.text


# --- commands ------------------------------------------------------------------------------------

EVERY_ROLE = [frozenset[Role](), *(frozenset({role}) for role in Role), frozenset(Role)]


@pytest.mark.parametrize("language", locales.LANGUAGES)
@pytest.mark.parametrize("roles", EVERY_ROLE, ids=lambda roles: "+".join(sorted(roles)) or "citizen")
def test_every_command_a_phone_lists_is_understood(roles: frozenset[Role], language: str) -> None:
    """Typed with or without its slash; at most twelve, as platforms want them, each with what it does."""
    listed = by_role.shortcuts(roles, language)
    assert 0 < len(listed) <= by_role.MOST_COMMANDS
    assert len({name for name, _ in listed}) == len(listed)
    for name, does in listed:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 3 <= len(does) <= 100
        plain = commands.read(name)
        assert plain is not None
        assert plain == commands.read(f"/{name}")
        assert plain.name == "administer" or by_role.may(roles, plain.name)


async def test_commands_come_with_a_role(player: Player) -> None:
    """An official's menu brings theirs; a citizen has the usual list from the start."""
    await player.seat("officer")
    assert (await type_(player, "officer", "menu")).commands == by_role.shortcuts({Role.OFFICER}, "vi")
    assert (await type_(player, "citizen", "menu")).commands == ()


# --- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["xin chào", "x", "xã", "x2", "xe-may", "xom dinh", "x_"])
def test_talk_is_no_link(text: str) -> None:
    """Nobody lands in a report by a word that begins with an x."""
    read = commands.read(text)
    assert read is None or read.name != "arrive"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("xthon_2-cho", "chợ Mẫu, thôn 1"),
        ("xthon_2-cong", "cổng làng, thôn 2"),
        ("xthon_2-khac", "thôn 2"),
        ("xthon_2", "thôn 2"),
        ("xtan_lap_mau", ""),
        ("x18823", None),
    ],
)
async def test_a_link_leads_to_its_spot(player: Player, text: str, place: str | None) -> None:
    """A spot has the name people know; one nobody listed is passed over, an area of others leads nowhere."""
    listed = {"places": {"cho": {"name": "chợ Mẫu", "area": "thon_1"}, "cong": {"name": "cổng làng"}}}
    async with player.store.read() as work:
        rules = replace(work.rules, spots=spots.parse({"spots": listed}))
    turn: Any = SimpleNamespace(work=SimpleNamespace(rules=rules, desk=rules), chat=None)
    assert by_link._place(turn, text) == place


# --- groups of a unit ----------------------------------------------------------------------------


def in_group(player: Player) -> list[Message]:
    """Return what the group was told."""
    return replies(player, GROUP)


async def tied(player: Player) -> None:
    """Tie the group to the unit of the supervisor."""
    await player.seats(("officer", "supervisor", "head"))
    await player.say(f"supervisor-{GROUP}", {"text": "Nhóm này của đơn vị"})
    assert "Phòng Kinh tế" in in_group(player)[-1].text


async def test_what_is_kept_close_has_no_card_in_a_group(player: Player) -> None:
    """Neither as it comes, nor as it changes."""
    await player.seat("head")
    await player.say(f"head-{GROUP}", {"text": "/nhom"})
    told = len(in_group(player))
    corrupt = "cán bộ địa chính xã vòi tiền 2 triệu mới chịu làm sổ đỏ cho nhà tôi ở thôn 2"
    code = code_of(await type_(player, "citizen", corrupt, "1"))
    await type_(player, "head", f"nhan {code}")
    assert len(in_group(player)) == told


async def test_a_group_card_holds_nothing_personal(player: Player) -> None:
    """Code, field, state, date: no word, place, name or number."""
    await tied(player)
    story = f"bà Bảy 0912345678 báo {STORY}"
    await type_(player, "citizen", story, "1")
    drawn = in_group(player)[-1]
    assert drawn.card == "LM-6NYWV4N"
    assert not [word for word in ("Bảy", "0912", "thôn 3", "tắc", "mưa") if word in drawn.text]


async def test_only_a_chief_ties_a_group(player: Player) -> None:
    """And only their own unit's; in private the words tie nothing."""
    await player.seat("officer")
    for who in ("citizen", "officer"):
        await player.say(f"{who}-{GROUP}", {"text": "/nhom"})
    assert [message.text for message in in_group(player)] == [locales.words("vi")("group.not_chief")] * 2
    async with player.store.read() as work:
        await people.load_chats(work, [player.key(GROUP)])
        assert work.chats[player.key(GROUP)].unit_id is None
        assert work.chats[player.key(GROUP)].group


async def test_a_button_of_an_old_card_draws_it_anew(player: Player) -> None:
    """It changes in its place, once; where none stands the group is told."""
    await tied(player)
    await type_(player, "citizen", STORY, "1")
    (choice,) = in_group(player)[-1].choices
    before = len(player.paper.told)
    for _ in range(2):
        await player.say(f"officer-{GROUP}", {"tap": choice.action})
    edited = [bool(told.edits) for told in player.paper.told[before:] if told.address == GROUP]
    assert edited == [True, True]


def test_files_of_paper_come_back_as_they_were(player: Player) -> None:
    """The paper channel reads what it writes."""
    for said in (PLACE, Contact("0905", own=True), Edited("x"), Presence(here=False)):
        assert player.paper.normalize(on_paper(said)) == said
    files = Files((FileRef("a", "photo", "image/jpeg", 1),), "x", ("upload.lost",))
    assert player.paper.normalize(json.loads(json.dumps(on_paper(files)))) == files


async def test_a_group_goes_on_at_its_new_address(player: Player) -> None:
    """It stays its unit's, and the old address is told nothing more."""
    await tied(player)
    await player.say(f"officer-{GROUP}", on_paper(Moved("supergroup")), silent=True)
    told = len(in_group(player))
    await type_(player, "citizen", STORY, "1")
    assert len(in_group(player)) == told
    assert [message.card for message in replies(player, "supergroup")] == ["LM-6NYWV4N"]

"""Somebody at the counter or on the phone: whose case it is, who may write down what, and what is kept."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

import locales
from domain.cases import Act, NotAllowed, Relation, State
from services.acts.act import act
from services.acts.closing import Rate
from services.standing import parties
from services.standing.kinds import ACTS
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.tables import Consent, Outbox
from storage.people import people
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
ACCUSATION = "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
FIRE = "cháy nhà ở thôn 3, lửa to lắm"
SEATS = ("officer", "colleague", "supervisor", "reception", "duty", "police", "head", "keeper", "admin")


@dataclass
class Entered:
    """A case that reception entered."""

    player: Player
    code: str

    async def relations(self, name: str) -> set[Relation]:
        """Return what somebody is to it."""
        async with self.player.store.read() as work:
            case = await stored.by_code(work, self.code)
            assert case is not None
            return parties.relations(work, case, Actor.of(await people.chat(work, self.player.key(name))))

    async def case(self) -> Case:
        """Return the case as it is stored."""
        async with self.player.store.read() as work:
            case = await stored.by_code(work, self.code)
            assert case is not None
            return case


async def enter(
    player: Player, story: str, answers: tuple[str, ...] = ("1", "0912345678", "2", "1")
) -> Entered:
    """Let reception enter a story: no name, a number, by phone, agreed."""
    await player.seats(SEATS)
    for text in ("nhap", story, *answers):
        await player.say("reception", {"text": text})
    async with player.store.read() as work:
        code = await work.session.scalar(select(Case.code).order_by(Case.opened_at.desc()))
        assert code is not None
        return Entered(player, code)


def test_who_writes_down_what_is_said_by_phone_may_do_nothing_else_by_it() -> None:
    """Neither rate nor reopen nor withdraw: those come from the citizen's own hand."""
    allowed = {what for what, kind in ACTS.items() if Relation.SCRIBE in kind.by}
    assert allowed == {Act.REPLY, Act.SUPPLEMENT}


async def test_who_entered_a_case_is_nothing_more_to_it(player: Player) -> None:
    """Reception is what anybody is; the unit's officers may take it; the rest as with any case."""
    entered = await enter(player, DRAIN)
    assert await entered.relations("reception") == {Relation.ANYBODY}
    assert await entered.relations("police") == {Relation.ANYBODY}
    assert Relation.OFFICER in await entered.relations("officer")


async def test_only_who_has_it_writes_down_what_is_said(player: Player) -> None:
    """Until it is taken anybody of the unit may; afterwards its officer alone, and never the mark."""
    entered = await enter(player, DRAIN)
    assert Relation.SCRIBE in await entered.relations("colleague")
    await player.say("officer", {"text": f"nhan {entered.code}"})
    having = [name for name in SEATS if Relation.SCRIBE in await entered.relations(name)]
    assert having == ["officer"]
    await player.say("officer", {"text": f"tl {entered.code} Đã nạo vét cống đầu thôn 3 sáng nay."})
    async with player.store.work() as work:
        case = await stored.by_code(work, entered.code)
        by = Actor.of(await people.chat(work, player.key("officer")))
        assert case is not None
        assert case.state == State.ANSWERED
        with pytest.raises(NotAllowed):
            await act(work, case, Rate(5), by)


async def test_nobody_writes_down_the_words_of_somebody_who_can_write(player: Player) -> None:
    """A case that came from a chat is answered in that chat."""
    await player.seats(SEATS)
    for text in (DRAIN, "1"):
        await player.say("citizen", {"text": text})
    async with player.store.read() as work:
        code = await work.session.scalar(select(Case.code))
    entered = Entered(player, code or "")
    await player.say("officer", {"text": f"nhan {code}"})
    assert not [name for name in SEATS if Relation.SCRIBE in await entered.relations(name)]


async def test_an_accusation_leaves_nothing_with_who_entered_it(player: Player) -> None:
    """Nor with the unit that is complained about; only those in charge have it."""
    entered = await enter(player, ACCUSATION)
    assert (await entered.case()).confidential
    for name in ("reception", "officer", "colleague", "supervisor", "duty", "keeper"):
        assert await entered.relations(name) == set(), name
    assert Relation.OFFICER in await entered.relations("head")


async def test_danger_at_the_counter_opens_the_case_at_once(player: Player) -> None:
    """No question comes before it; the number that was said is kept."""
    case = await (await enter(player, f"{FIRE}, số 0912345678", ())).case()
    assert (case.urgency, case.state, case.contact) == (parties.URGENT, State.RECEIVED, "+84912345678")


async def test_what_is_kept_of_it(player: Player) -> None:
    """Who entered it and how it came, the consent that was read out, and the number to call."""
    entered = await enter(player, DRAIN, ("bác Tư", "0912345678", "2", "1"))
    async with player.store.read() as work:
        case = await stored.by_code(work, entered.code)
        clerk = await people.person_by_code(work, "vp_lan")
        assert case is not None
        assert clerk is not None
        (opened,) = await stored.history(work, case)
        assert (opened.detail["entered_by"], opened.detail["came"]) == (str(clerk.id), "phone")
        assert opened.actor == "citizen"
        assert (case.contact, case.on_behalf) == ("+84912345678", "bác Tư")
        consents = await work.session.scalars(select(Consent.account))
        assert list(consents) == [people.COUNTER]


async def test_nothing_is_ever_sent_to_the_counter(player: Player) -> None:
    """No channel reaches it: what is new is told to whoever calls."""
    entered = await enter(player, DRAIN)
    for text in (f"nhan {entered.code}", f"hoi {entered.code} Cống đoạn nào ạ?"):
        await player.say("officer", {"text": text})
    async with player.store.read() as work:
        accounts = set(await work.session.scalars(select(Outbox.account)))
    assert accounts == {"paper"}


async def test_reception_calls_while_nobody_has_it(player: Player) -> None:
    """Handed on before it was taken, it is reception that tells the citizen; afterwards its officer does."""
    entered = await enter(player, DRAIN)
    await player.say("supervisor", {"text": f"giao {entered.code}"})
    await player.say("supervisor", {"text": "Công an xã"})
    called = [told.address for told in player.paper.told if told.message.text.startswith("☎")]
    assert called == ["reception", "duty"]  # both sit there
    await player.say("police", {"text": f"nhan {entered.code}"})
    await player.say("police", {"text": f"hoi {entered.code} Cống đoạn nào ạ?"})
    called = [told.address for told in player.paper.told if told.message.text.startswith("☎")]
    assert called == ["reception", "duty", "police"]


async def test_who_entered_it_cannot_take_it_for_their_own(player: Player) -> None:
    """They know the number, and still are no citizen of it; the citizen is, with the same four digits."""
    entered = await enter(player, DRAIN)
    for name in ("reception", "citizen"):
        await player.say(name, {"tap": f"prove:{entered.code}:1"})
        asked = [choice.action for choice in player.paper.told[-1].message.choices]
        assert bool(asked) == (name == "citizen")
        await player.say(name, {"text": "5678"})
    assert Relation.CITIZEN not in await entered.relations("reception")
    assert await entered.relations("citizen") == {Relation.CITIZEN}
    assert not [name for name in SEATS if Relation.SCRIBE in await entered.relations(name)]


async def test_who_works_where_the_accused_do_is_told_to_step_aside(player: Player) -> None:
    """And others are asked to keep it to themselves; either way nothing of it stays with them."""
    say = locales.words("vi")
    for name, warning in (("officer", "counter.close_own"), ("reception", "counter.close")):
        await player.seat(name)
        for text in ("nhap", ACCUSATION):
            await player.say(name, {"text": text})
        assert player.paper.told[-1].message.text.startswith(say(warning))


async def test_what_is_kept_close_never_passes_through_reception(player: Player) -> None:
    """Not even to be read out by phone."""
    entered = await enter(player, ACCUSATION)
    async with player.store.read() as work:
        case = await stored.by_code(work, entered.code)
        clerk = await people.person_by_code(work, "vp_lan")
        assert case is not None
        assert clerk is not None
        assert parties.callers(work, case)
        assert clerk.id not in parties.callers(work, case)


TOLD = "bi anh Tuan phong kinh te vòi 500k moi thay bong"


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ((f"Le Van Teo, {TOLD}", "Le Van Teo", "0912345678"), "Le Van Teo"),
        ((TOLD, "1", "0912345678"), ""),
        (("Le Van Teo", TOLD, "0912345678"), "Le Van Teo"),
        (("Le Van Teo", f"0912345678 {TOLD}"), "Le Van Teo"),
        (("giau ten", TOLD, "0912345678"), ""),
    ],
)
async def test_what_is_told_instead_of_a_name_is_heard(
    player: Player, answers: tuple[str, ...], name: str
) -> None:
    """It goes with the story and closes it: who is accused there never reads a word; a name is a name."""
    entered = await enter(player, DRAIN, (*answers, "1", "1"))
    case = await entered.case()
    assert (case.on_behalf or "") == name
    assert TOLD in case.story
    assert case.confidential
    assert case.contact == "+84912345678"
    assert not [d for d in player.paper.told if d.address == "officer" and entered.code in d.message.text]


async def test_a_name_asked_for_legal_aid_is_a_name(player: Player) -> None:
    """What else is told there goes with the matter, and so do words at the number to call."""
    for text in (
        "hoi luat",
        "1",
        f"Le Van Teo, {TOLD}",
        "Le Van Teo",
        TOLD,
        "0912345678",
        "toi can luat su",
        "1",
    ):
        await player.say("citizen", {"text": text})
    async with player.store.read() as work:
        (case,) = (await work.session.scalars(select(Case))).all()
        assert case.story.count(TOLD) == 2
        assert case.confidential


@pytest.mark.parametrize("first", [(DRAIN, "1", "4"), ("goi lai",)])
async def test_words_at_the_number_to_call_are_kept(player: Player, first: tuple[str, ...]) -> None:
    """With the case it is about, or as one of their own; whoever they accuse does not read on."""
    for text in (*first, TOLD):
        await player.say("citizen", {"text": text})
    async with player.store.read() as work:
        (case,) = (await work.session.scalars(select(Case))).all()
        assert case.confidential
    assert not [d for d in player.paper.told if d.address == "officer" and TOLD in d.message.text]

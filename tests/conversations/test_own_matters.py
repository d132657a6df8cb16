"""Officials are citizens too: what is their own, or their family's, passes through other hands."""

import pytest

from domain.cases import Act, State
from services.acts import handing
from services.acts.act import act
from services.acts.following import Follow
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import linking
from services.standing import parties
from services.standing.refusals import NotForThem, OwnMatter
from storage.people import people
from tests.conversations.player import Player
from tests.conversations.test_hands import Hands

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
ANSWER = "Ngày 16/11 xã đã nạo vét xong cống thôn 3, nước thoát rồi."


@pytest.fixture
async def hands(player: Player) -> Hands:
    """Seat an office of few, with a second chat for one of them."""
    await player.seats(("officer", "colleague", "supervisor", "head", "party"))
    await player.seat("colleague", "colleague-at-home")
    return Hands(player)


async def brought_by(hands: Hands, name: str) -> None:
    """Let somebody tell of a drain."""
    async with hands.player.store.work() as work:
        chat = await people.chat(work, hands.player.key(name))
        heard = work.rules.understanding.read(DRAIN)
        hands.code = (await new_cases.open_case(work, chat, Draft(heard, "thôn 3", heard.topic))).code


@pytest.mark.parametrize("chat", ["colleague", "colleague-at-home"])
async def test_nobody_has_to_do_with_their_own(hands: Hands, chat: str) -> None:
    """In neither chat can it be taken, answered or noted; nor does its news come to the other one."""
    await brought_by(hands, "colleague")
    for what, detail in ((Act.ACCEPT, {}), (Act.ANSWER, {"answer": ANSWER}), (Act.NOTE, {"text": "của tôi"})):
        with pytest.raises(OwnMatter):
            await hands.do(chat, what, **detail)
    async with hands.work() as (work, case):
        mine = (await hands.actor(work, chat)).person_id
        assert mine not in parties.workers(work, case)
        assert mine not in [person for person, _ in await handing.people_for(work, case, None)]
    await hands.player.settle()
    at_home = hands.player.paper.told
    assert not [told for told in at_home if told.address == "colleague-at-home" and told.message.case]


async def test_no_chief_can_give_it_to_them(hands: Hands) -> None:
    """The server refuses it, in words that do not say whose it is; a colleague can have it."""
    await brought_by(hands, "colleague")
    async with hands.work() as (work, _):
        hers, his = [(await hands.actor(work, name)).person_id for name in ("colleague", "officer")]
    with pytest.raises(NotForThem):
        await hands.do("supervisor", Act.ASSIGN, officer_id=str(hers))
    await hands.do("supervisor", Act.ASSIGN, officer_id=str(his))


async def test_a_chief_does_not_keep_their_own(hands: Hands) -> None:
    """What a chief brought is taken over by those above, not by the chief."""
    await brought_by(hands, "supervisor")
    with pytest.raises(OwnMatter):
        await hands.do("supervisor", Act.TAKE_OVER)
    async with hands.work() as (work, case):
        assert (await hands.actor(work, "supervisor")).person_id not in parties.in_charge(work, case)
        assert (await hands.actor(work, "head")).person_id in parties.in_charge(work, case)
    await hands.do("head", Act.TAKE_OVER)


async def test_who_turns_out_to_have_brought_it_hands_it_on(hands: Hands) -> None:
    """A citizen's chat becomes that of the officer who has their case: it waits for others from then on."""
    await hands.begin(DRAIN)
    await hands.do("officer", Act.ACCEPT)
    async with hands.work() as (work, case):
        chat = await people.chat(work, case.chat_key)
        chat.person_id = case.officer_id
        await linking.became_official(work, chat)
    async with hands.work() as (work, case):
        assert (case.state, case.officer_id) == (State.RECEIVED, None)
        assert (await hands.actor(work, "officer")).person_id not in parties.workers(work, case)
    with pytest.raises(OwnMatter):
        await hands.do("officer", Act.ACCEPT)
    await hands.do("colleague", Act.ACCEPT)


async def test_an_officer_of_the_senders_family_hands_it_on(hands: Hands) -> None:
    """Who follows as the sender's own people settles it no more, and what they asked for is void."""
    await hands.begin(DRAIN)
    await hands.do("officer", Act.ACCEPT)
    await hands.do("officer", Act.EXTEND, days=2, reason="Cần xác minh")
    async with hands.work() as (work, case):
        by = await hands.actor(work, "officer")
        await act(work, case, Follow(relative=True), by)
        assert (case.state, case.officer_id, case.request) == (State.RECEIVED, None, None)

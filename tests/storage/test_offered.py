"""A button under a message is one that would not be refused, whoever reads it."""

import pytest

from domain.cases import Act, NotAllowed, NotNow
from services.acts.act import act, authorise
from services.saying import cards
from services.standing import parties
from storage.cases import cases
from storage.ground.work import Work
from storage.people import people, reached
from storage.people.people import Chat
from storage.store.engine import Store
from tests.storage import commune

VERBS = {
    "accept": Act.ACCEPT,
    "take_over": Act.TAKE_OVER,
    "nudge": Act.NUDGE,
    "reassign": Act.REASSIGN,
    "answer": Act.ANSWER,
    "calm": Act.CALM,
}


async def _chat(work: Work, code: str) -> Chat:
    person = await people.person_by_code(work, code)
    assert person is not None
    return (await people.chats_of(work, [person.id]))[0]


def _may(work: Work, case: cases.Case, chat: Chat, what: Act) -> bool:
    try:
        authorise(work, case, what, parties.Actor.of(chat), None)
    except (NotAllowed, NotNow):
        return False
    return True


@pytest.mark.parametrize("taken_by", ["", "minh", "tuan"])
async def test_what_is_offered_is_allowed(sqlite_store: Store, taken_by: str) -> None:
    """To officers, chiefs, heads and duty; who may not accept but take over is offered that instead."""
    await commune.settle(sqlite_store)
    (code,) = await commune.open_cases(sqlite_store, 1)
    async with sqlite_store.work() as work:
        await reached.load(work)
        case = await cases.by_code(work, code)
        assert case is not None
        if taken_by:
            await act(work, case, Act.ACCEPT, parties.Actor.of(await _chat(work, taken_by)))
        offered = {}
        for name in commune.OFFICIALS:
            chat = await _chat(work, name)
            offered[name] = cards.offered(work, case, chat, (*VERBS, "show"))
            assert all(_may(work, case, chat, VERBS[v]) for v in offered[name] if v in VERBS), name
            assert offered[name][-1] == "show"
        if not taken_by:
            assert offered["ha"][0] == "take_over"
            assert offered["minh"][0] == "accept"
            assert offered["lan"] == ("show",)  # on duty for what is urgent, and for nothing else
        if taken_by == "tuan":
            assert "nudge" not in offered["tuan"]  # nobody reminds themselves

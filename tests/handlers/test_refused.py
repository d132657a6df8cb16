"""Whatever is refused is said in words, and no list of refusals can miss one."""

from collections.abc import Iterator
from uuid import UUID

import locales
from domain.cases import NotAllowed, NotNow, Refused, Relation
from handlers.door import refused
from handlers.door.catalogue import CONVERSATIONS
from handlers.engine.conversation import Talk, Turn
from services.standing import parties
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import NoSecondKeeper, StaleVersion, TooManyTries, WholeNumber
from storage.cases import cases
from storage.store.engine import Store
from tests.storage import commune


def _kinds(of: type[Refused]) -> Iterator[type[Refused]]:
    for one in of.__subclasses__():
        yield one
        yield from _kinds(one)


def test_every_refusal_has_words_or_shows_the_case() -> None:
    """In every language; what has none says that it is not allowed, or shows the state that does not fit."""
    shipped = [one for one in _kinds(Refused) if one.__module__.partition(".")[0] != "tests"]
    assert len(shipped) > 30
    for language in ("vi", "en"):
        assert [one for one in shipped if one.words and not locales.has(language, one.words)] == []
    wordless = {NotAllowed, TooManyTries, WholeNumber, NotNow, StaleVersion, NoSecondKeeper}
    assert {one for one in shipped if not one.words} == wordless


async def test_a_refusal_nobody_has_listed_is_said_like_its_kind(sqlite_store: Store) -> None:
    """One more kind of refusal crashes nothing: what it is a kind of has words."""

    class Unheard(NotAllowed):
        """Made up here."""

    await commune.settle(sqlite_store)
    (code,) = await commune.open_cases(sqlite_store, 1)
    async with sqlite_store.work() as work:
        (minh,) = await commune.chats_of(work, ["minh"])
        turn = Turn(work, minh, Talk(), CONVERSATIONS)
        turn.about = await cases.by_code(work, code)
        usual = (await refused.said(turn, NotAllowed("x"))).text
        assert (await refused.said(turn, Unheard("x"))).text == usual
        assert (await refused.said(turn, TooManyTries("x"))).text == usual
        assert code in (await refused.said(turn, NotNow("x"))).text


async def test_who_is_nobody_is_not_the_clock(sqlite_store: Store) -> None:
    """An actor without a chat and a person may what anybody may, and nothing of what the clock does."""
    await commune.settle(sqlite_store)
    (code,) = await commune.open_cases(sqlite_store, 1)
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        assert parties.relations(work, case, CLOCK) == {Relation.CLOCK}
        assert parties.relations(work, case, Actor(person_id=case.officer_id)) == {Relation.ANYBODY}
    assert (Actor() == CLOCK, CLOCK.name, Actor().name) == (False, "clock", "nobody")
    assert Actor(person_id=UUID(int=1)).name == f"person:{UUID(int=1)}"

"""How an act is added: the recipe of CONTRIBUTING.md leads to what is there, and one value is enough."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from textwrap import indent
from typing import Any

import pytest

import locales
from domain.cases import OPEN_STATES, NotAllowed, NotNow, Relation, State
from services.acts.act import act, authorise
from services.saying import cards, groups
from services.saying.telling import Telling
from services.standing.kinds import ACTS, ActKind, Button, Deed, Intent, Request, forget
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.ground.work import Work
from storage.store.engine import Store
from tests import recipes
from tests.conftest import StoppedClock
from tests.storage import commune

RECIPE = recipes.recipe("How to add an act of a case")

# --- the recipe ----------------------------------------------------------------------------------


def test_the_recipe_shows_an_act_as_it_is() -> None:
    """The value it shows stands so in the family it names."""
    assert indent(recipes.shown(RECIPE), "    ") in (recipes.ROOT / "services/acts/handing.py").read_text(
        "utf-8"
    )


@pytest.mark.parametrize("step", recipes.steps(RECIPE))
def test_what_a_step_names_is_there(step: str) -> None:
    """Each path leads somewhere, each name stands in a file of its step, each key has words."""
    recipes.leads_somewhere(step)


# --- an act that nobody has heard of --------------------------------------------------------------


class Made(StrEnum):
    """Names of acts that there are only here."""

    PAINT = "paint"


@dataclass(frozen=True, slots=True)
class Paint(Request):
    """In which colour."""

    colour: str


def _dry(intent: Intent) -> None:
    if intent.case.place == "wet":
        raise NotNow(Made.PAINT)


async def _paint(deed: Deed[Paint]) -> None:
    deed.case.place = deed.request.colour
    deed.facts["before"] = "grey"


async def _painted(to: Telling) -> None:
    await to.citizen("told.new_officer", officer=f"{to.facts['before']}, now {to.facts['colour']}")


PAINT: ActKind[Any] = ActKind(
    act=Made.PAINT,  # type: ignore[arg-type]
    takes=Paint,
    by={Relation.OFFICER},
    states=OPEN_STATES,
    guard=_dry,
    change=_paint,
    news=_painted,
    button=Button(verb="paint", place=15, on_card=True),
)


@pytest.fixture
async def desk(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """Open a commune whose officers may paint."""
    monkeypatch.setitem(ACTS, Made.PAINT, PAINT)
    forget()
    for key, text in {"act.paint": "Sơn", "typed.paint": "SƠN"}.items():
        monkeypatch.setitem(locales.table("vi"), key, text)  # type: ignore[arg-type]
    await commune.settle(sqlite_store)
    yield sqlite_store
    monkeypatch.undo()
    forget()


async def _of(work: Work, code: str) -> tuple[stored.Case, Actor]:
    case = await stored.by_code(work, code)
    (minh,) = await commune.chats_of(work, ["minh"])
    assert case is not None
    return case, Actor.of(minh)


async def test_a_new_act_is_done_and_told_by_its_value_alone(desk: Store, clock: StoppedClock) -> None:
    """It changes the case, stands in a history that holds, raises the version, and the citizen hears."""
    (code,) = await commune.open_cases(desk, 1)
    async with desk.work() as work:
        case, minh = await _of(work, code)
        version = case.version
        await act(work, case, Paint("blue"), minh, version=version)
        told = [post.message.text for post in work.posts if post.lane == case.chat_key]
        assert len([text for text in told if "grey, now blue" in text]) == 1
    clock.pass_(minutes=1)
    async with desk.work() as work:
        case, _ = await _of(work, code)
        assert (case.place, case.version, case.state) == ("blue", version + 1, State.RECEIVED)
        line = (await stored.history(work, case))[-1]
        assert (line.act, line.detail) == ("paint", {"colour": "blue", "before": "grey"})
        assert await stored.first_broken_line(work, case) is None


async def test_a_new_act_is_refused_and_offered_alike(desk: Store) -> None:
    """Whose it is not, and what its guard refuses, is on no card; for whoever may it is in its place."""
    (code,) = await commune.open_cases(desk, 1)
    async with desk.work() as work:
        case, minh = await _of(work, code)
        (chat,) = await commune.chats_of(work, ["minh"])
        assert cards.card_verbs(work, case, chat)[:2] == ("accept", "paint")
        assert authorise(work, case, PAINT.act, minh, None) == case.state
        with pytest.raises(NotAllowed):
            await act(work, case, Paint("blue"), Actor(case.chat_key))
        case.place = "wet"
        assert "paint" not in cards.card_verbs(work, case, chat)
        assert "paint" not in cards.offered(work, case, chat, ("paint",))
        with pytest.raises(NotNow):
            await act(work, case, Paint("blue"), minh)
        assert (case.place, case.history_length) == ("wet", 1)


async def test_a_new_act_is_shown_to_groups_and_followers_as_its_value_says(
    desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Groups have the card drawn anew unless it is quiet; followers hear its key, where it has one."""
    drawn: list[str] = []

    async def tell(_to: Telling, kind: ActKind[Any]) -> None:
        drawn.extend([kind.act] if kind.changes_the_card() else [])

    monkeypatch.setattr(groups, "tell", tell)
    (code,) = await commune.open_cases(desk, 1)
    async with desk.work() as work:
        case, minh = await _of(work, code)
        await act(work, case, Paint("blue"), minh)
    assert drawn == ["open", "paint"]

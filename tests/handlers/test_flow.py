"""Flows: replayed from their answers, so that back, digits and a deploy in mid-conversation all just work."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages import BACK, Tap, Text
from handlers.engine.flow import (
    Ask,
    Asking,
    Finished,
    Flow,
    NotUnderstood,
    Stale,
    after,
    answer,
    back,
    number,
    render,
    replay,
    words_at_least,
    words_of,
)

COLOURS = ("red", "green", "blue")
LABELS = {"red": "Đỏ", "green": "Xanh lá", "blue": "Xanh dương"}


def five(colours: tuple[str, ...] = COLOURS) -> Flow[list[Any]]:
    """Ask five things, the second of which can be said in other words."""
    name = yield Ask("name", words_at_least(2))
    colour = yield Ask("colour", words_at_least(3), colours, LABELS)
    once = yield Ask("again", options=("yes", "no"))
    twice = yield Ask("again", options=("yes", "no"), turn=2)
    thrice = yield Ask("again", options=("yes", "no"), turn=3)
    return [name, words_of(colour, LABELS), once, twice, thrice]


ALL = {"name": "An", "colour": "green", "again": "yes", "again.2": "no", "again.3": "yes"}


def test_five_answers_replay_to_the_end() -> None:
    """A flow that has all its answers is finished, and its result is made of them."""
    assert replay(five(), ALL) == Finished(["An", "Xanh lá", "yes", "no", "yes"])


@given(st.integers(min_value=0, max_value=4))
def test_the_next_question_is_the_first_without_an_answer(kept: int) -> None:
    """Replay stops where answers end, and keeps those before it."""
    answers = dict(list(ALL.items())[:kept])
    state = replay(five(), answers)
    assert isinstance(state, Asking)
    assert (state.ask.key, state.given) == (list(ALL)[kept], answers)


def test_back_drops_the_last_answer_until_none_is_left() -> None:
    """Going back undoes one answer at a time; at the first question there is nothing to undo."""
    answers: dict[str, Any] | None = dict(ALL)
    for left in range(4, -1, -1):
        answers = back(answers or {})
        assert answers == dict(list(ALL.items())[:left])
    assert back({}) is None


def test_only_a_dropped_option_is_asked_again() -> None:
    """When a new version no longer offers what was chosen, that is asked; what came after it still holds."""
    state = replay(five(("red", "blue")), ALL)
    assert isinstance(state, Asking)
    assert state.ask.key == "colour"
    answers = after(state, ALL, "blue")
    assert replay(five(("red", "blue")), answers) == Finished(["An", "Xanh dương", "yes", "no", "yes"])


def test_words_of_ones_own_survive_a_dropped_option() -> None:
    """A free answer beside options is kept apart from them, so it is good whatever is offered."""
    value = answer(Ask("colour", words_at_least(3), COLOURS), Text("màu tím"), 1, LABELS)
    assert replay(five(()), ALL | {"colour": value}) == Finished(["An", "màu tím", "yes", "no", "yes"])


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "2)", "Xanh lá", "xanh la", "XANH LÁ."])
def test_an_option_is_its_digit_or_its_own_words(typed: str) -> None:
    """Digits and folded words choose the same as the button."""
    ask = Ask("colour", options=COLOURS)
    assert answer(ask, Text(typed), 7, LABELS) == "green"
    assert answer(ask, Tap("pick:7:green"), 7, LABELS) == "green"


@pytest.mark.parametrize("typed", ["0", "4", "999", "9" * 5000])
def test_a_number_that_is_not_offered_is_no_answer(typed: str) -> None:
    """It is not taken for words either, however long it is, unless nobody would mean a number so long."""
    ask = Ask("colour", None, COLOURS)
    with pytest.raises(NotUnderstood):
        answer(ask, Text(typed), 1, LABELS)


@pytest.mark.parametrize("action", ["pick:6:green", "pick:7:violet", "pick:7:", "back", ""])
def test_a_button_of_another_question_is_stale(action: str) -> None:
    """Only the latest question's buttons count, and only what it offers."""
    with pytest.raises(Stale):
        answer(Ask("colour", None, COLOURS), Tap(action), 7, LABELS)


def test_words_of_two_options_choose_neither() -> None:
    """Where two options are called alike, their words alone decide nothing."""
    with pytest.raises(NotUnderstood):
        answer(Ask("colour", None, COLOURS), Text("xanh"), 1, LABELS | {"green": "Xanh", "blue": "Xanh"})


def test_a_question_is_a_menu_with_back_at_its_end() -> None:
    """Every option is a button of this question's number; the last choice leads back."""
    ask = Ask("colour", options=COLOURS, labels=LABELS, primary="green")
    message = render("paint", ask, lambda key, **_: key, 3, "Trước")
    assert message.text == "Trước\npaint.colour.text"
    assert [choice.action for choice in message.choices] == [*(f"pick:3:{c}" for c in COLOURS), BACK]
    assert [choice.style for choice in message.choices] == ["plain", "primary", "plain", "plain"]


@given(st.text(max_size=30))
def test_a_number_is_one_to_three_digits(text: str) -> None:
    """Whatever is typed, reading a number never fails."""
    found = number(text)
    assert found is None or 0 <= found <= 999


def test_a_free_answer_needs_no_options() -> None:
    """A commune without hamlets offers none to choose from: the place is what was typed."""
    assert words_of("gần trạm bơm", {}) == "gần trạm bơm"

"""When a platform lets the desk write first, and what is kept back for news that must arrive."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import law
from domain.law import BadDocument
from domain.windows import Reaching, Way, Window

HOUR = timedelta(hours=1)
NUMBERS = {"free_hours": 4, "free_messages": 1, "open_days": 7, "reserve": 0, "quota_reserve": 0}
WINDOW = Window(48 * HOUR, 8, timedelta(days=7), reserve=2, quota_reserve=20)


@pytest.mark.parametrize(
    ("silence", "told", "left", "chatter", "news"),
    [
        (HOUR, 0, None, Way.FREE, Way.FREE),
        (HOUR, 5, None, Way.FREE, Way.FREE),
        (HOUR, 6, None, Way.KEPT, Way.FREE),
        (HOUR, 7, 0, Way.KEPT, Way.FREE),
        (HOUR, 8, None, Way.PAID, Way.PAID),
        (HOUR, 8, 0, Way.CLOSED, Way.CLOSED),
        (48 * HOUR, 0, 0, Way.FREE, Way.FREE),
        (48 * HOUR + timedelta(seconds=1), 0, 0, Way.CLOSED, Way.CLOSED),
        (49 * HOUR, 0, 21, Way.PAID, Way.PAID),
        (49 * HOUR, 0, 20, Way.KEPT, Way.PAID),
        (49 * HOUR, 0, 1, Way.KEPT, Way.PAID),
        (timedelta(days=7), 0, None, Way.PAID, Way.PAID),
        (timedelta(days=7, seconds=1), 0, 500, Way.CLOSED, Way.CLOSED),
    ],
)
def test_a_message_goes_as_the_window_allows(
    silence: timedelta, told: int, left: int | None, chatter: Way, news: Way
) -> None:
    """Free first, then out of the quota, then not at all; the last of each is for what must arrive."""
    assert WINDOW.way(silence, told, left, must=False) is chatter
    assert WINDOW.way(silence, told, left, must=True) is news


@given(st.integers(0, 300), st.integers(0, 12), st.none() | st.integers(-1, 40))
def test_news_always_goes_at_least_as_well_as_chatter(hours: int, told: int, left: int | None) -> None:
    """Whatever lets chatter through lets news through; only a shut window stops news."""
    chatter, news = (WINDOW.way(hours * HOUR, told, left, must=must) for must in (False, True))
    assert news is not Way.KEPT
    assert chatter in {news, Way.KEPT}


def test_the_office_says_what_the_platforms_allow() -> None:
    """The packaged document has a window, and no template until the office has some approved."""
    reaching = Reaching.parse(law.seed("office"))
    assert reaching.windows["zalo-oa"].open_for == timedelta(days=7)
    assert reaching.template("told.answer") is None


def test_a_template_stands_for_its_notice_and_else_the_common_one() -> None:
    """A notice has a template of its own, or shares the one for any."""
    told = {"id": 7, "params": {"ma": "code"}}
    office: dict[str, Any] = {"notices": {"templates": {"told.answer": told, "": told | {"id": 8}}}}
    reaching = Reaching.parse(office)
    assert [reaching.template(key).id for key in ("told.answer", "told.due")] == ["7", "8"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "office",
    [
        {"windows": {"accounts": {"a": {"free_hours": 48}}}},
        {"windows": {"accounts": {"a": NUMBERS | {"free_hours": 200}}}},
        {"windows": {"accounts": {"a": NUMBERS | {"reserve": 2}}}},
        {"notices": {"templates": {"": {"id": 1, "params": {"x": "phone"}}}}},
    ],
)
def test_a_document_that_makes_no_sense_is_refused(office: dict[str, Any]) -> None:
    """Missing numbers, a reserve larger than the whole, an unknown fact."""
    with pytest.raises(BadDocument):
        Reaching.parse(office)

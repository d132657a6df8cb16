"""Hot spots by arithmetic alone: what is told, what is not, and which words people have in common."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import law
from domain.hotspots import HotSpotRules, Past, chance, hot, in_common, surging
from domain.law import BadDocument
from domain.understand.vocabulary import common_words

RULES = HotSpotRules()
counts = st.integers(min_value=0, max_value=60)
pasts = st.builds(Past, counts, st.floats(min_value=0, max_value=8))
days = st.sampled_from((3, 7))


@pytest.mark.parametrize(
    ("people", "before", "wanted"),
    [(6, 8, None), (7, 8, 3.1e-4), (3, 0, None), (4, 0, 1e-4)],
)
def test_what_eight_weeks_let_expect(people: int, before: int, wanted: float | None) -> None:
    """Of one a week six in a week are none and seven are one; of none, three are none and four are one."""
    found = hot({7: people}, Past(before, 8), RULES)
    assert (found and found.chance) == (wanted and pytest.approx(wanted, rel=0.01))


def test_a_desk_that_has_only_begun_asks_for_more() -> None:
    """With nothing known, five in three days may be how it always is; six are not."""
    assert hot({3: 5, 7: 5}, Past(0, 0), RULES) is None
    found = hot({3: 6, 7: 6}, Past(0, 0), RULES)
    assert found is not None
    assert (found.people, found.days) == (6, 3)


def test_two_are_never_many() -> None:
    """However quiet it was, fewer than three people are no crowd, and could be guessed."""
    assert hot({3: 2, 7: 2}, Past(0, 8), HotSpotRules(chance=0.5)) is None


def test_the_window_in_which_it_is_rarer_is_told() -> None:
    """Most of a slow week are told as a week, a sudden three days as three days."""
    slow, sudden = hot({3: 3, 7: 9}, Past(8, 8), RULES), hot({3: 8, 7: 9}, Past(8, 8), RULES)
    assert slow is not None
    assert sudden is not None
    assert (slow.days, sudden.days) == (7, 3)


@given(counts, days, pasts)
def test_more_people_are_less_likely(people: int, within: int, past: Past) -> None:
    """Each one more makes it less likely; a busier past, or a longer window, more likely."""
    likely = chance(people, within, past)
    assert 0 <= likely <= 1
    assert chance(people + 1, within, past) <= likely + 1e-12
    assert chance(people, within, Past(past.people + 1, past.weeks)) >= likely - 1e-12
    assert chance(people, 7, past) >= chance(people, 3, past) - 1e-12


@given(st.integers(min_value=1, max_value=25), st.integers(min_value=0, max_value=25))
def test_the_chance_is_the_tail_of_a_negative_binomial(people: int, before: int) -> None:
    """As worked out with whole numbers: a week after eight, p is 9 in 10."""
    head = sum(
        comb(before + number, number) * 9 ** (before + 1) / 10 ** (before + 1 + number)
        for number in range(people)
    )
    assert chance(people, 7, Past(before, 8)) == pytest.approx(1 - head, abs=1e-9)


@given(st.integers(min_value=1, max_value=200), counts)
def test_it_is_told_again_when_it_grows_by_half(told: int, more: int) -> None:
    """Not before."""
    assert RULES.grown(told, told + more) == (2 * more >= told)


def test_the_same_field_in_many_communes_is_one() -> None:
    """Four communes are four, five are a storm; a commune counts once, another field apart."""
    four = [(f"xa_{n}", "dien") for n in range(4)]
    assert surging([*four, ("xa_0", "dien"), ("xa_9", "y_te")], RULES) == set()
    assert surging([*four, ("xa_4", "dien"), ("xa_9", "y_te")], RULES) == {"dien"}


# --- words ---------------------------------------------------------------------------------------

TOLD = ["cống trước nhà tắc, nước thải hôi lắm", "cống tắc, nước thải tràn ra đường", "tắc cống nước thải"]


def test_words_of_three_people_are_named() -> None:
    """Two beside each other rather than one; a comma parts them."""
    assert in_common([(str(n), text) for n, text in enumerate(TOLD)], 3, 4) == ["cống", "nước thải", "tắc"]


def test_one_person_who_says_it_thrice_is_one() -> None:
    """Whoever repeats themselves is no crowd."""
    assert in_common([("a", TOLD[0])] * 3 + [("b", TOLD[1])], 3, 4) == []


def test_nobody_is_named() -> None:
    """A name that all of them say is no word that people commonly use; nor is a number."""
    told = [(str(n), f"ông Khoát nhà số 199 đổ rác {n}") for n in range(9)]
    assert in_common(told, 3, 9) == ["rác"]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from([*TOLD, "rác hôi", "Rác HÔI lắm"]))))
def test_a_word_of_fewer_than_three_is_never_named(told: list[tuple[str, str]]) -> None:
    """Each word that is named stands in what three different people said, and is one that many use."""
    for phrase in in_common(told, 3, 4):
        assert len({person for person, text in told if phrase in text.lower()}) >= 3
        assert all(
            word in {w for t in TOLD for w in t.replace(",", "").split()} | {"rác", "hôi"}
            for word in phrase.split()
        )
    assert len(in_common(told, 3, 4)) <= 4


# --- the document --------------------------------------------------------------------------------


def test_the_packaged_document_says_what_the_program_does() -> None:
    """What an admin reads there are the defaults, marked as ours."""
    office = law.seed("office")
    assert HotSpotRules.parse(office) == RULES == HotSpotRules.parse({})
    assert (office["hotspots"]["basis"], office["hotspots"]["conf"]) == ("policy", "proposal")


@pytest.mark.parametrize(
    "said",
    [
        {"chance": 0},
        {"chance": 1},
        {"people": 2},
        {"windows": []},
        {"at": []},
        {"at": ["25:00"]},
        {"words": 2},
        {"windows": [0]},
        {"quiet_days": "x"},
    ],
)
def test_a_document_that_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    """Nor may fewer than three people be told of, or their words be quoted, whoever sets it."""
    with pytest.raises(BadDocument):
        HotSpotRules.parse({"hotspots": said})


def test_words_are_known_by_everybody() -> None:
    """What the test of names leans on."""
    assert len(common_words()) > 500

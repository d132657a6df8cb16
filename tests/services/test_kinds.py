"""The acts of a case, each written down once: nothing is missing, and a request is what its line keeps."""

import json
from dataclasses import fields, is_dataclass

import pytest

from domain.cases import Act, Relation
from domain.promises import Promise
from services.acts.adding import Supplement
from services.acts.contacts import Contact
from services.acts.following import Follow
from services.acts.handing import Transfer
from services.standing.kinds import ACTS, compose, kind_of, verbs


def test_every_act_stands_in_one_family() -> None:
    """The table holds each once; a family too few or one act twice stops the program at its start."""
    assert list(ACTS) == [kind.act for kind in ACTS.values()]
    assert set(ACTS) == set(Act)
    with pytest.raises(ValueError, match="transfer"):
        compose([kind for kind in ACTS.values() if kind.act is not Act.TRANSFER])
    with pytest.raises(ValueError, match="transfer"):
        compose(ACTS.values(), [ACTS[Act.TRANSFER]])


def test_what_an_act_takes_is_its_own() -> None:
    """By what is handed in the act is known, so no two take the same; all are frozen, and named as asked."""
    taken = [kind.takes for kind in ACTS.values() if kind.takes is not None]
    assert len(taken) == len(set(taken))
    assert all(is_dataclass(one) and one.__hash__ is not None for one in taken)
    assert kind_of(Transfer("unit", "why")).act is kind_of(Act.TRANSFER).act is Act.TRANSFER


def test_a_line_keeps_what_was_said_and_nothing_that_must_go() -> None:
    """What was left as it is has no key, but words and files; no line holds a number."""
    assert Transfer("u", "r").kept() == {"unit_id": "u", "reason": "r"}
    assert Supplement("thêm").kept() == {"text": "thêm", "files": []}
    assert Supplement(why="forced", quiet=True).kept() == {
        "text": "",
        "files": [],
        "why": "forced",
        "quiet": True,
    }
    assert Follow().kept() == {}
    assert Contact("+84905123456", call=True).kept() == {"call": True}
    assert Transfer.from_json({"unit_id": "u", "reason": "r", "code": "x"}) == Transfer("u", "r")


def test_every_request_goes_through_json_and_back() -> None:
    """As an envelope keeps it: by its fields, with the values they had."""
    for kind in ACTS.values():
        if kind.takes is not None:
            given = {one.name: _some(str(one.type)) for one in fields(kind.takes)}
            request = kind.takes.from_json(given)
            again = kind.takes.from_json(json.loads(json.dumps(request.to_json())))
            assert again == request, kind.act


def _some(kind: str) -> object:
    """Return a value of this type that is no default."""
    if "Mapping" in kind:
        return {"call": 5}
    if "Sequence" in kind:
        return ["a", "b"]
    if "bool" in kind:
        return True
    return 3 if "int" in kind else "words"


def test_what_is_asked_for_is_granted_by_a_decision_about_it() -> None:
    """Whoever asks is the officer, whoever grants a chief; the decision's guard asks for just that."""
    asked = {kind.act: kind.granted_by for kind in ACTS.values() if kind.granted_by}
    assert asked == {
        Act.EXTEND: Act.GRANT,
        Act.SUBMIT: Act.RELEASE,
        Act.DECLINE: Act.DISMISS,
        Act.ASK_TRANSFER: Act.REASSIGN,
    }
    assert {relation for act in asked for relation in ACTS[act].by} == {Relation.OFFICER}
    assert {relation for act in asked.values() for relation in ACTS[act].by} == {Relation.SUPERVISOR}


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (Act.CALLED, {Promise.ACKNOWLEDGE}),
        (Act.ACCEPT, {Promise.CALL, Promise.WRITE}),
        (Act.ASK, {Promise.CALL}),
        (Act.ANSWER, set()),
        (Act.RELEASE, set()),
        (Act.DISMISS, set()),
        (Act.REMIND, set(Promise)),
    ],
)
def test_only_what_was_done_is_kept(act: Act, left: set[Promise]) -> None:
    """A call keeps that of a call, taking a request about data acknowledges it, an answer keeps all."""
    assert set(Promise) - ACTS[act].keeps == left


def test_verbs_are_offered_in_their_order() -> None:
    """The most useful first; two acts of one verb are one button."""
    assert list(verbs()) == [
        *("accept", "called", "answer", "ask", "nudge", "reassign", "transfer", "extend", "calm"),
        *("take_over", "resume", "lengthen", "note", "decline", "bar", "join", "part"),
    ]
    assert [kind.act for kind in verbs()["transfer"]] == [Act.TRANSFER, Act.ASK_TRANSFER]

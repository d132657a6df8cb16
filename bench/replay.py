"""How long a conversation takes to be replayed: a report with five answers."""

import json
from datetime import date
from time import perf_counter

from domain import law
from domain.directory import Directory
from domain.rules import DOCUMENTS, Rules
from handlers.door.catalogue import CONVERSATIONS
from handlers.engine.conversation import Session
from handlers.engine.flow import Asking, replay

TIMES = 2000


def main() -> str:
    """Return microseconds a replay, and a JSON round trip of the same state as the baseline."""
    rules = Rules.parse({name: law.seed(name) for name in DOCUMENTS}, Directory())
    heard = rules.understanding.read("đường liên thôn hỏng").to_json() | {"sure": False, "place": None}
    answers = {
        "place": "thôn 3",
        "topic": "khac",
        "review": "edit",
        "edit": "place",
        "place.2": "thôn 4",
    }
    state = {"seed": {"heard": heard}, "answers": answers}
    session = Session(rules, "vi", date(2026, 11, 16))
    flow = CONVERSATIONS["report"].flow
    asked = replay(flow(state["seed"], session), answers)
    assert isinstance(asked, Asking)
    assert asked.ask.key == "review.2"
    ours = _microseconds(lambda: replay(flow(state["seed"], session), answers))
    base = _microseconds(lambda: json.loads(json.dumps(state)))
    return f"{ours:.1f} µs to replay five answers (its state through JSON {base:.1f} µs, {ours / base:.1f}x)"


def _microseconds(work: object) -> float:
    assert callable(work)
    best = float("inf")
    for _ in range(5):
        start = perf_counter()
        for _ in range(TIMES):
            work()
        best = min(best, perf_counter() - start)
    return best / TIMES * 1e6

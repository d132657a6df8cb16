"""No case crosses a border by itself: in made-up provinces, whatever happens there.

`pytest tests/services/test_no_border_crossed.py --storm 100 -s` plays hundreds, and counts what was tried.
"""

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.amounts import times
from tests.services.border_life import Life
from tests.services.border_place import Place, settled
from tests.services.border_steps import LISTS, OF_ONE, STORIES, WRONG, Step
from tests.services.provinces import PROVINCE, SERVING, Chart, draw

ANSWER = "Xã đã nạo vét 40 m cống ở thôn 1, xong ngày 18/11. Khi nào lại tắc thì bà con nhắn."


def script(chart: Chart, dice: random.Random, length: int) -> list[Step]:
    """Draw what happens."""
    steps, cases = [], 0
    joined = [one.code for one in chart.officials.values() if one.joined]
    for number in range(length):
        seed = dice.randrange(10**6)
        roll = dice.random()
        if cases == 0 or roll < 0.22:
            steps.append(_told(chart, dice, cases, number))
            cases += 1
        elif roll < 0.45:
            what, facts = dice.choice(_ACTS)
            by = dice.choice(("unit", "unit", "unit", "head", "any"))
            steps.append(_of(dice, cases, "act", {"act": what, "by": by, "seed": seed} | facts))
        elif roll < 0.53:
            to = dice.choice((PROVINCE, *chart.communes))
            facts = {"act": "reassign", "by": "head", "seed": seed, "to": to}
            steps.append(_of(dice, cases, "cross", facts))
        elif roll < 0.58:
            steps.append(_of(dice, cases, "adds", {"act": dice.choice(("supplement", "reply", "reopen"))}))
        elif roll < 0.65:
            who, to = dice.sample(joined, 2)
            facts = {"to": to, "days": dice.randint(1, 9), "said": dice.random() < 0.6}
            steps.append(Step("away", who=who, facts=tuple(facts.items())))
        elif roll < 0.85:
            steps.append(_typed(dice, cases, dice.choice(joined)))
        elif roll < 0.88:
            commune = dice.choice(chart.communes)
            heads = [o.code for o in chart.officials.values() if ("head", f"{commune}_ct_xa") in o.roles]
            facts = {"mark": f"bq{number}z"}
            steps.append(Step("broadcast", None, commune, heads[0], tuple(facts.items())))
        else:
            steps.append(
                Step(
                    "passes",
                    facts=(
                        ("hours", dice.choice((4, 21, 24, 24 * 4, 24 * 9) if length > 20 else (21, 24 * 5))),
                    ),
                )
            )
    everybody = [Step("say", who=who, facts=(("text", text),)) for who in joined for text in LISTS[:2]]
    return [*steps, *dice.sample(everybody, min(6, len(everybody))), Step("passes", facts=(("hours", 26),))]


_LENGTHS = (11, 18, 40)
"""Steps of a script: in `make test`, in `make storm`, and for an hour."""
_ACTS = (
    ("accept", {}), ("accept", {}), ("accept", {}), ("ask", {"question": "Đoạn nào ạ?"}),
    ("answer", {"answer": ANSWER}), ("extend", {"days": 3, "reason": "chờ vật tư"}),
    ("nudge", {"comment": ""}), ("grant", {}), ("refuse", {"comment": "làm tiếp đi"}),
    ("decline", {"reason": "trung", "text": "việc này đã có người báo rồi"}),
    ("note", {"text": "đã gọi cho thôn"}), ("take_over", {}),
)  # fmt: skip


def _told(chart: Chart, dice: random.Random, case: int, number: int) -> Step:
    commune, mark = dice.choice(chart.communes), f"zq17x{number}z"
    citizen = f"dan{dice.randrange(4)}"  # one of few: some have matters in two communes
    facts: dict[str, object] = {"mark": mark, "kind": dice.choice(sorted(STORIES))}
    hamlet = dice.choice((1, 2, 3))
    story = STORIES[str(facts["kind"])].format(n=hamlet)
    if dice.random() < 0.3 and (accused := _accused(chart, dice, commune)) is not None:
        facts |= {"kind": "wrong", "accused": accused}
        story = WRONG.format(name=chart.officials[accused].name)
    facts |= {"story": f"{story}, giấy {mark}", "place": f"thôn {hamlet}"}
    how = "tell" if dice.random() < 0.4 else "open"
    return Step(how, case, commune, citizen, tuple(facts.items()))


def _accused(chart: Chart, dice: random.Random, commune: str) -> str | None:
    """Return somebody who serves in a commune and whose name nobody else bears."""
    names = Counter(one.name for one in chart.officials.values())
    there = [
        one.code
        for one in chart.officials.values()
        if names[one.name] == 1 and any(r in SERVING and chart.seat(u) == commune for r, u in one.roles)
    ]
    return dice.choice(there) if there else None


def _of(dice: random.Random, cases: int, what: str, facts: dict[str, object]) -> Step:
    return Step(what, dice.randrange(cases), facts=tuple(facts.items()))


def _typed(dice: random.Random, cases: int, who: str) -> Step:
    if dice.random() < 0.5:
        return Step("say", None, None, who, (("text", dice.choice(LISTS)),))
    return Step("say", dice.randrange(cases), None, who, (("text", dice.choice(OF_ONE)),))


def strangers(chart: Chart, steps: list[Step], commune: str) -> list[str]:
    """Return who has to do with other communes alone: officials who serve there, and citizens."""
    own = {step.who for step in steps if step.what in {"open", "tell"} and step.commune == commune}
    citizens = {step.who for step in steps if step.what in {"open", "tell"}} - own
    serving = [who for who in chart.officials if not chart.seats(who) & {commune, PROVINCE}]
    return [*serving, *sorted(citizens)]


async def played(place: Place, steps: list[Step], patch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """Play a script. Returns what reached somebody whom it must not reach."""
    async with place.life(patch, folder) as life:
        await life.play(steps)
        await life.everyone_stands_right()
        return life.leaks


async def differences(
    place: Place, steps: list[Step], hidden: str, patch: pytest.MonkeyPatch, folder: Path
) -> list[str]:
    """Play it with and without what is of one commune and never leaves it. Returns who may infer it."""
    own = {step.case for step in steps if step.what in {"open", "tell"} and step.commune == hidden}
    kept = [step for step in steps if step.what not in {"cross", "say"} or step.case not in own]
    heard: list[Life] = []
    for without in (None, hidden):
        async with place.life(patch, folder) as life:
            await life.play(kept, without)
            heard.append(life)
    found = []
    for who in strangers(place.chart, kept, hidden):
        one, other = (life.heard(who) for life in heard)
        if one != other:
            found.append(f"{who} may infer what is of {hidden}: {_first(one, other)}")
    return found


def _first(one: list[str], other: list[str]) -> str:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return f"\n  {left}\n  {right}"
    return f"\n  {one[len(other) :][:1]}\n  {other[len(one) :][:1]}"


@pytest.mark.storm
@pytest.mark.timeout(0)
async def test_no_case_crosses_a_border_by_itself(
    migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Neither its code nor its words nor how many there are reach anybody elsewhere."""
    counts: Counter[str] = Counter()
    for seed in range(max(1, times(1) // 3)):
        dice = random.Random(seed)
        chart = draw(dice, 6 if seed % 3 == 2 else 3)
        place = await settled(chart, dice, migrated_sqlite, tmp_path)
        steps = script(chart, dice, _LENGTHS[sum(times(1) >= much for much in (2, 20))])
        leaks = await played(place, steps, monkeypatch, tmp_path)
        leaks += await differences(place, steps, dice.choice(chart.communes), monkeypatch, tmp_path)
        counts.update(
            {"provinces": 1, "communes": len(chart.communes)} | Counter(step.what for step in steps)
        )
        assert not leaks, f"seed {seed}:\n" + "\n".join(leaks[:20])
    request.config.get_terminal_writer().line(f"\n{dict(counts)}")

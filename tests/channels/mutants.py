"""Random and mutated updates: valid ones with fields dropped, retyped, renamed, nested, swapped or cut off.

The same seed makes the same mutants, so that a failure can be met again.
"""

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

Json = Any
MOST_CHANGES = 4
ODD: Sequence[Json] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**40,
    1.5,
    "",
    "0",
    "x" * 5000,
    "\x00",
    "\ud800",
    "private",
    "supergroup",
    float("nan"),
    float("inf"),
    json.loads("[" * 120 + "]" * 120),
    "😀\u202e",
    "<b>&amp;",
    [],
    [[]],
    {},
    {"id": {}},
)
"""Values of every kind that no platform sends in that place."""


def mutants(seeds: Sequence[Json], count: int, seed: int = 1) -> Iterator[Json]:
    """Yield so many mutants; one in twenty is a seed as it is, one in twenty is any JSON at all."""
    dice = random.Random(seed)
    for _ in range(count):
        luck = dice.random()
        if luck < 0.05:
            yield _any(dice, 3)
            continue
        update = copy.deepcopy(dice.choice(seeds))
        for _ in range(0 if luck < 0.1 else dice.randint(1, MOST_CHANGES)):
            update = _changed(dice, update, seeds)
        yield update


def renumbered(update: Json, number: int) -> Json:
    """Return the update under an id of its own, where its id is still one: else it is a redelivery."""
    update = copy.deepcopy(update)
    for holder, key in list(_places(update)):
        if key == "update_id" and type(holder[key]) is int:
            holder[key] = number
        elif key in {"msg_id", "message_id"} and isinstance(holder[key], str):
            holder[key] = f"{holder[key][:20]}-{number}"
    return update


def raw(mutant: Json, dice: random.Random) -> bytes:
    """Write a mutant as a body; one in twenty is cut off, one in twenty is no JSON at all."""
    body = json.dumps(mutant, ensure_ascii=dice.random() < 0.5).encode(errors="surrogatepass")
    luck = dice.random()
    if luck < 0.05:
        return body[: dice.randrange(len(body) + 1)]
    return dice.randbytes(dice.randrange(200)) if luck < 0.1 else body


def _changed(dice: random.Random, update: Json, seeds: Sequence[Json]) -> Json:
    """Change one place of an update."""
    places = list(_places(update))
    if not places:
        return dice.choice(ODD)
    holder, key = dice.choice(places)
    match dice.randrange(6):
        case 0:
            del holder[key]
        case 1:
            holder[key] = [holder[key]] if dice.random() < 0.5 else {"value": holder[key]}
        case 2 if isinstance(holder, dict):
            holder[f"{key}_"] = holder.pop(key)
        case 3:
            others = list(_places(dice.choice(seeds)))
            other, place = dice.choice(others) if others else (holder, key)
            holder[key] = copy.deepcopy(other[place])
        case _:
            holder[key] = copy.deepcopy(dice.choice(ODD))
    return update


def _places(value: Json) -> Iterator[tuple[Json, Json]]:
    """Yield every place in a JSON value: what holds it, and under which key."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _any(dice: random.Random, depth: int) -> Json:
    if depth == 0 or dice.random() < 0.4:
        return copy.deepcopy(dice.choice(ODD))
    if dice.random() < 0.5:
        return [_any(dice, depth - 1) for _ in range(dice.randrange(4))]
    return {
        dice.choice(["message", "update_id", "sender", "id", "text"]): _any(dice, depth - 1) for _ in "ab"
    }

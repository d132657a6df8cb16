"""understand: what the desk makes of messages, a line of JSON each; train: builds anew what it learned."""

import json
import sys
from time import perf_counter
from typing import Annotated, Any

import typer

from domain import law
from domain.directory import Directory
from domain.rules import DOCUMENTS, Rules
from domain.understand import Home, Understanding, Understood
from domain.understand.gazetteer import Gazetteer
from domain.understand.understood import URGENT

_MOST = 3
"""Topics and kinds that are told of each message."""


def understand(
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Lines of {"text": ..., "home": ...}.')] = False,
    home: Annotated[str, typer.Option(help="The province of lines that name none.")] = "",
) -> None:
    """Read messages from the standard input, a line each, and write what is understood of each as JSON.

    Of a line that is none {"error": ...} is written, and the others are read.
    """
    ear = Rules.parse({name: law.seed(name) for name in DOCUMENTS}, Directory()).understanding
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip("\ufeff\n\r\t "):
            continue
        try:
            told = json.loads(line.lstrip("\ufeff")) if jsonl else {"text": line.rstrip("\n")}
            found = _read(ear, str(told["text"]), str(told.get("home") or home))
        except (ValueError, KeyError, TypeError, AttributeError):
            found = {"error": f'line {number}: this is no {{"text": ...}}'}
        typer.echo(json.dumps(found, ensure_ascii=False))


def train() -> None:
    """Build the model of topics and kinds anew from the phrases: the same file at every run."""
    from domain.understand import linear, training  # noqa: PLC0415 - numpy is read in where it is used alone

    training.train(training.examples()).save()
    typer.echo(f"{linear.FILE}: {linear.FILE.stat().st_size:,} bytes")


def _read(ear: Understanding, text: str, province: str) -> dict[str, Any]:
    begun = perf_counter()
    there = ear.at(Home(province=province or None))
    heard = there.read(text)
    topics, kinds = there.weigh(text)
    matters = there.matters(heard)
    spent = (perf_counter() - begun) * 1000
    return {
        "kind": heard.kind,
        "kinds": _likely(kinds),
        "topic": heard.topic,
        "topics": _likely(topics),
        "field": heard.field,
        **_place(heard),
        "urgency": _urgency(heard),
        "asks_for_danger": bool(heard.doubt),
        "out_of_scope": not heard.story,
        "masked": heard.masked,
        "pii": list(heard.pii),
        "matters": list(matters) or [heard.text],
        "ms": round(spent, 2),
    }


def _likely(ranked: tuple[tuple[str, float], ...]) -> list[dict[str, Any]]:
    return [{"code": code, "p": round(chance, 3)} for code, chance in ranked[:_MOST]]


def _place(heard: Understood) -> dict[str, Any]:
    """Return the official names of the commune that is named and of its province; else what may be meant."""
    place, known = heard.place, Gazetteer.load()
    code = place.commune_code if place is not None and not place.choices else None
    return {
        "province": known.province_of(code) if code else None,
        "commune": known.label(code) if code else None,
        "place_options": [label for _, label in place.choices] if place is not None else [],
    }


def _urgency(heard: Understood) -> str:
    """Return `khan` only where somebody is to be woken, `cao` where it may be danger or cannot wait long."""
    if heard.emergency:
        return "khan"
    return "cao" if heard.doubt or heard.urgency == URGENT else "thuong"

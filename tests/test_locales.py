"""Every word the desk says: there in every language, used, short, and readable without any markup."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from uuid_utils.compat import uuid7

import locales
from domain.directory import Directory
from domain.messages import BACK, Text, plain
from domain.people import Area
from domain.routing import Unit
from domain.rules import DOCUMENTS, Rules
from handlers.door.catalogue import CONVERSATIONS
from handlers.engine.conversation import Conversation, Session
from handlers.engine.flow import Ask, Asking, NotUnderstood, answer, labels, render, replay
from services.intake.new_cases import Draft

ROOT = Path(__file__).parents[1]
SPEAKERS = ("handlers", "services", "storage", "scheduler")
"""Whose words these are; the pages, the demo and messengers' own keys have words of their own."""
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
FACTS_LISTED = {"report.review.text", "receipt.text", "card.text"}
"""Longer than four lines, because each line is one fact of the case."""
MARKUP = set("*_<>[]`#~|\\")
A_DAY = date(2026, 11, 16)
STORY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
ANSWER = "Sáng nay xã đã nạo vét cống."
SAID = (STORY, ANSWER, "25/11", "Nguyễn An", "0912 345 678")
"""What may be typed at a question: the first that it takes is."""


@cache
def own(language: str) -> Mapping[str, str]:
    """Return the words of the conversations themselves."""
    flat: dict[str, str] = {}
    for file in (ROOT / "locales").glob(f"{language}*.toml"):
        if file.stem.partition(".")[2] not in {"demo", "webchat", "keys"}:
            locales._flatten("", tomllib.loads(file.read_text("utf-8")), flat)
    return flat


def placeholders(text: str) -> set[str]:
    """Return the names of the facts a text is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# --- the tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    """The same keys, and under each the same facts."""
    original, twin = locales.table("vi"), locales.table(language)
    assert original.keys() ^ twin.keys() == set()
    assert {key for key in twin if placeholders(twin[key]) != placeholders(original[key])} == set()


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_our_own_words_are_at_most_four_short_lines(language: str) -> None:
    """Only a card, a receipt and the review list more: one fact a line."""
    lengths = {key: text.strip().count("\n") + 1 for key, text in own(language).items()}
    assert {key for key, lines in lengths.items() if lines > 4} == FACTS_LISTED


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_no_words_need_markup(language: str) -> None:
    """Nothing would look odd in a channel that shows bare text."""
    without_facts = {key: re.sub(r"\{\w+(:[^}]+)?\}", "", text) for key, text in own(language).items()}
    assert {key for key, text in without_facts.items() if MARKUP & set(text)} == set()


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_every_message_fits_the_narrowest_channel(language: str) -> None:
    """With the longest facts the desk lets in, nothing is longer than 2000 characters."""
    longest = dict.fromkeys(("answer", "story", "content"), "x" * 900)
    longest |= dict.fromkeys(("text",), "x" * 610) | dict.fromkeys(("question", "reason"), "x" * 500)
    longest |= {"steps": "x" * 80 * 12}
    for key, text in own(language).items():
        facts = {name: longest.get(name, "x" * 80) for name in placeholders(text)}
        assert len(locales.FACTS.format(text, **facts)) <= 2000, key


# --- the sources ---------------------------------------------------------------------------------


@cache
def literals() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return every string of the sources that could be a key, and a pattern for every composed one.

    What is composed of nothing but facts could be any key: the questions' keys, which `_keys_of_flows` has.
    """
    plain_, composed = set(), set()
    for folder in SPEAKERS:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    plain_.add(node.value)
                elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)) is not None:
                    composed.add(pattern)
    return frozenset(plain_), tuple(map(re.compile, sorted(composed)))


def _pattern(node: ast.JoinedStr) -> str | None:
    parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w.]+" for p in node.values]
    fixed = "".join(p.value for p in node.values if isinstance(p, ast.Constant))
    return (
        "".join(parts)
        if "." in fixed and re.search(r"\w", fixed) and re.fullmatch(r"[\w.]+", fixed)
        else None
    )


def test_every_key_is_said_somewhere() -> None:
    """Words nobody says are deleted, not kept."""
    written, composed = literals()
    endings = {text for text in written if text.startswith("_")} | {"_official"}  # see `locales.words`
    asked = set(_keys_of_flows())
    unused = [
        key
        for key in own("vi")
        if key not in written | asked
        and not any(pattern.fullmatch(key) for pattern in composed)
        and not any(key.endswith(end) and key.removesuffix(end) in written for end in endings)
    ]
    assert unused == []


def test_every_key_that_is_said_exists() -> None:
    """Whatever is handed to `say` as a literal, or composed, names words that are there."""
    for folder in SPEAKERS:
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(call, ast.Call) and _says(call):
                    for key in (a.value for a in call.args if isinstance(a, ast.Constant)):
                        if isinstance(key, str) and KEY.fullmatch(key):
                            assert key in own("vi"), f"{file.name}: {key}"


def _says(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in {"say", "_say", "citizen", "officials", "NotUnderstood"}


# --- the questions -------------------------------------------------------------------------------


@cache
def rules() -> Rules:
    """Return real rules for a small commune."""
    places = [Area("p", "tỉnh Mẫu", "province", None, A_DAY), Area("c", "xã Mẫu", "commune", "p", A_DAY)]
    hamlets = [Area(f"t{i}", f"thôn {i}", "hamlet", "c", A_DAY) for i in range(1, 12)]
    units = [
        Unit(uuid7(), code, code, f"Đơn vị {code}", "c", None, A_DAY) for code in ("vp_xa", "kt_xa", "ct_xa")
    ]
    return Rules.parse({}, Directory((*places, *hamlets), tuple(units)))


@cache
def of_a_province() -> Rules:
    """Return them as a chat has them of which nobody knows yet to which of two communes it belongs."""
    two = [Area(code, f"xã {code}", "commune", "p", A_DAY) for code in ("Mẫu", "Bến")]
    areas = (Area("p", "tỉnh Mẫu", "province", None, A_DAY), *two)
    above = Unit(uuid7(), "vp_tinh", "vp_tinh", "Văn phòng UBND tỉnh", "p", None, A_DAY)
    below = (Unit(uuid7(), f"vp_{one.code}", "vp_xa", "Văn phòng", one.code, None, A_DAY) for one in two)
    return Rules.parse({}, Directory(areas, (above, *below))).part("p")


def rules_for(conversation: Conversation) -> Rules:
    """Return the rules of a desk in which something is asked."""
    return of_a_province() if conversation.name in {"commune_first", "own_commune"} else rules()


def seeds() -> Mapping[str, list[dict[str, Any]]]:
    """Return what each conversation may begin with."""
    heard = [
        {"heard": rules().understanding.read(text).to_json()}
        for text in (STORY, "đèn đường hỏng", "xã An Lạc", "cống tắc ở xã Tân Lập")
    ]
    case = {"code": "HB-7K3M2R9"}
    draft = Draft(rules().understanding.read(STORY), "thôn 3", "ha_tang")
    same = draft.to_json() | case | {"count": 2, "state": "accepted"}
    own, *others = rules().directory.units
    choosing = {"unit": str(own.id), "excluded": [], "units": [[str(u.id), u.name] for u in others]}
    told = case | {"officer": "Đỗ Anh Tuân", "unit": "Phòng Kinh tế", "language": "vi", "files": ["a"]}
    answering = told | {"field": "thoat_nuoc", "topic": "ha_tang", "approve": False, "followers": 2}
    answering |= {"joined": "HB-4HJD2K7"}
    answering |= {"returned": "Bản cũ [ngày nào].", "earlier": [ANSWER], "alike": {}}
    units = {unit.code: unit.name for unit in rules().directory.units}
    people = {"an": "Nguyễn An · cán bộ", "binh": "Trần Bình"}
    held = {"an": {"vp_xa|officer": "cán bộ", "vp_xa|duty": "trực"}, "binh": {"vp_xa|officer": "cán bộ"}}
    absent = {"person": str(own.id), "name": "Anh/chị", "people": {str(u.id): u.name for u in others}}
    return {
        **_of_the_office(people, held, units),
        "answer": [
            answering,
            answering | {"approve": True, "returned": "", "earlier": ["Chờ [x]."]},
            answering | {"text": ANSWER, "alike": {"HB-4HJD2K7": 3}},
            answering | {"field": "khac", "topic": "khac", "returned": "", "earlier": []},
        ],
        "join": [case | {"labels": some} for some in ([], [["HB-4HJD2K7", "HB-4HJD2K7 · cống"]])],
        "away": [absent, absent | {"days": ["2026-11-17", "2026-11-18"]}],
        "away_for": [{"staff": absent["people"], "days": ""}],
        "broadcast_sent": [{"area": "t1", "text": STORY, "content": STORY, "count": 12, "quota": ""}],
        "amend": [told | {"approve": False, "followers": 0, "answer": ANSWER, "version": 2}],
        "counter": [{"units": []}, *heard, *_places()],
        "whose": [heard[0] | {"may_enter": True}, heard[0] | {"may_enter": False}],
        "record": [case | {"question": ""}],
        "report": [{}, *heard, *_telling(), {"place": "thôn 3"}, *_places()],
        "shared": [{"number": "+84905123456"}],
        "same": [same | {"mine": mine} for mine in (True, False)],
        "several": [heard[0] | {"parts": [heard[0]["heard"], heard[1]["heard"]]}],
        "beside": [{"wish": {"code": "HB-1", "what": "add", "text": "tôi là Hùng"}}],
        "belongs": [heard[0] | {"cases": some} for some in ({"HB-1": "cống"}, {"HB-1": "x", "HB-2": "y"})],
        "withdraw_which": [{"cases": {"HB-7K3M2R9": "HB-7K3M2R9 · cống"}, "text": "bị ép"}],
        "added": [{"cases": {"HB-7K3M2R9": "HB-7K3M2R9 · cống"}, "text": "có", "files": []}],
        "unasked": [heard[0] | {"cases": some} for some in ({"HB-1": "cống"}, {"HB-1": "x", "HB-2": "y"})],
        "withdraw": [case | {"formal": formal} for formal in (False, True)],
        "question": [{"field": "tthc"}],
        "legal_aid": [{}, {"phone": "+84905123456"}],
        "reply": [case | {"question": "Ở đâu ạ?"}],
        "unclear": [heard[0] | {"numbers": "114 Cháy, cứu nạn", "files": []}],
        "visit": [case | {"offers": [offer, "withdraw", "reopen"]} for offer in ("reply", "add", "rate")],
        "identify": [case | {"officer": "Trần Thị Lan"}],
        "agree": [case | {"officer": "Trần Thị Lan", "reason": "Công an tỉnh đề nghị"}],
        **{name: [case | {"due": "thứ Hai"}] for name in ("extend", "lengthen")},
        "refuse": [case | {"version": 1}],
        "transfer": [case | choosing],
        "reassign": [case | choosing | {"people": [[str(uuid7()), "Đỗ Anh Tuân", 2]]}],
    }


def _of_the_office(people: dict[str, str], held: dict[str, Any], units: dict[str, str]) -> dict[str, Any]:
    office = {"people": people, "held": held, "units": units, "joined": ["an"]}
    return {
        "admin_sure": [{"order": {"do": "add_area"}, "text": "Thêm thôn 5."}],
        "admin_people": [office, *(office | {"what": what} for what in ("give", "move", "end", "invite"))],
        "admin_units": [{"units": units, "types": {"kt_xa": "Phòng Kinh tế"}}],
        "admin_areas": [{"areas": {"t1": "thôn 1", "t2": "thôn 2"}}],
        "admin_duty": [{"people": people, "table": "16/11-29/11: Trần Bình"}],
        "admin_words": [{"count": 195}],
        "admin_words_remove": [{"phrases": ["cháy nhà", "nhà cháy"]}],
        "admin_templates": [{"templates": {"nao_vet": {"name": "Nạo vét", "text": ANSWER}}}],
        "admin_documents": [{"versions": {name: ["Bản 1"] for name in DOCUMENTS}}],
    }


def _telling() -> list[dict[str, Any]]:
    """Return a story to be sent sealed that tells who wrote it."""
    told = "cán bộ địa chính vòi tiền làm sổ đỏ ở thôn 3, tôi là em dâu ông ấy, số 0905123456"
    return [{"heard": rules().understanding.read(told).to_json(), "sealed": True}]


def _places() -> list[dict[str, Any]]:
    """Return stories of places that are not ours, or that may be, and of a wrong of nobody by name."""
    told = (
        "rác chất đống ở phường Vũng Áng",
        "cong xom vai tac may hom roi, mua la ngap",
        "cán bộ vòi tiền dân ở thôn 3",
    )
    return [{"heard": rules().understanding.read(text).to_json()} for text in told]


def asked(conversation: Conversation, session: Session) -> Iterator[Ask]:
    """Walk through every question a conversation can come to, along every kind of answer."""
    for seed in seeds().get(conversation.name, [{"code": "HB-7K3M2R9"}]):
        seen: set[tuple[str, ...]] = set()
        waiting: list[dict[str, Any]] = [{}]
        while waiting:
            answers = waiting.pop()
            state = replay(conversation.flow(seed, session), answers)
            path = (*answers, *map(str, answers.values()))
            if not isinstance(state, Asking) or len(answers) > 4 or path in seen:
                continue
            seen.add(path)
            yield state.ask
            values = _answers(conversation, state.ask, session)
            waiting += [state.given | {state.ask.key: value} for value in values]


def _answers(conversation: Conversation, ask: Ask, session: Session) -> Iterator[Any]:
    yield from ask.options if len(ask.options) <= 9 else (ask.options[0], ask.options[-1])
    words = labels(conversation.name, ask, session.say)
    if ask.step == "story":
        yield answer(ask, Text("cán bộ Tuân phòng kinh tế vòi tiền dân ở thôn 3"), 1, words)
    for text in ("Nguyễn An", "thôn 5") if ask.named else SAID:  # a story is no name
        try:
            yield answer(ask, Text(text), 1, words)
        except NotUnderstood:
            continue
        return


def _keys_of_flows() -> Iterator[str]:
    wide = [(CONVERSATIONS["counter"], of_a_province())]
    for conversation, known in [*((one, rules_for(one)) for one in CONVERSATIONS.values()), *wide]:
        for ask in asked(conversation, Session(known, "vi", A_DAY, link="https://xa.example")):
            yield f"{conversation.name}.{ask.words or ask.step}.text"
            yield from (f"{conversation.name}.{ask.step}.options.{option}" for option in ask.options)


@pytest.mark.parametrize("language", locales.LANGUAGES)
@pytest.mark.parametrize("conversation", CONVERSATIONS.values(), ids=lambda c: c.name)
def test_every_question_has_words_and_reads_as_numbered_text(
    conversation: Conversation, language: str
) -> None:
    """Each question and each option has words, and a phone without buttons can answer it by digits."""
    session = Session(rules_for(conversation), language, A_DAY, files=2)
    questions = list(asked(conversation, session))
    assert questions
    for ask in questions:
        message = render(conversation.name, ask, session.say, 12)
        assert all(choice.label.strip() for choice in message.choices)
        assert all(len(choice.action.encode()) <= 64 for choice in message.choices)
        assert message.choices[-1].action == BACK
        lines = plain(message).splitlines()[-len(message.choices) :]
        assert [line.split(".")[0] for line in lines] == [*(str(n + 1) for n in range(len(ask.options))), "0"]

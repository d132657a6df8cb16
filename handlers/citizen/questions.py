"""What somebody who tells of a matter is asked: what it is, where, what about, and whether that is right."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

from domain import numbers
from domain.messages import Said
from domain.rules import Rules
from domain.understand import Place, Understood, aftermath, fold, is_piece
from handlers.citizen import map_points, walls
from handlers.engine.conversation import Session
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_of
from services.intake.new_cases import Draft
from services.saying import wording
from services.standing import exclusion

SHORTEST = 8
"""Letters of the shortest story."""
SHORTEST_MORE = 4
"""Letters of the shortest words that are added to it."""
SHOWN = 120
"""Letters of what was added that are shown for review."""
LONGEST_SHOWN = 2400
"""Letters of a story that is shown whole."""
LONGEST_NAME = 6
"""Words of a name; what is longer tells something."""
NO_NUMBER = "none"
LONGEST_PLACE = 120
"""Letters of a place."""
_NINE = 8
"""Hamlets offered as numbers; with “other” they are nine, one digit each."""
_SPOTS = [
    [word] for word in ("truoc", "sau", "gan", "canh", "ben", "doi", "o", "tai", "cho", "dau", "cuoi", "giua")
]
"""How the answer to “where” begins when it tells nothing else: “trước nhà văn hóa thôn 2”."""
_ANYTHING = "khac"
"""The topic of what has none: sure of it is whoever reads an address alone."""
_NO = frozenset({"khong", "ko", "k", "no"})
_AGAIN = 100
"""Turns kept free for asking one question over: the next change of the same part counts from there."""
_MOVED = 100 * _AGAIN
"""The same for asking anew in another commune."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is, which commune is responsible if not ours, and what the answer told besides.

    `area` is another commune that this desk serves too.
    """

    label: str
    elsewhere: str = ""
    told: str = ""
    area: str = ""


def story(rules: Rules, turn: int = 1, place: str = "") -> Ask:
    """Ask for the story, which is read into what was understood of it; where it is may be known already."""

    def accept(said: Said) -> dict[str, Any]:
        text = typed(said)
        heard = rules.understanding.read(text)
        if len(text) < SHORTEST or not heard.story:
            raise NotUnderstood("common.too_short")
        return heard.to_json()

    there = {"place": place} if place else {}
    return Ask("story", accept=accept, facts=there, turn=turn, words="there" if place else "")


def place_and_topic(rules: Rules, heard: Understood) -> Flow[tuple[Understood, str, str]]:
    """Ask where it is and what it is about, but only what the words leave open."""
    place = heard.place.label if heard.place and _precise(heard.place) else ""
    if not place:
        place = yield from _which_or_place(rules, heard.place)
    if heard.sure:
        return heard, place, heard.topic
    heard, topic = yield from topic_of(rules, heard)
    return heard, place, topic


def _which_or_place(rules: Rules, place: Place | None) -> Flow[str]:
    if place is not None and place.choices:
        labels = dict(place.choices)
        chosen: str = yield Ask("which", options=(*labels, "other"), labels=labels)
        if chosen != "other":
            return labels[chosen]
    named: str = yield from _place(rules, 1)
    return wording.shortened(named, LONGEST_PLACE)


def there(session: Session, place: Place | None, named: str, *, untold: bool) -> Flow[Where]:
    """Settle where it is, if a place is known besides the words: it is asked about only if it is not ours."""
    if named and (place is None or not _precise(place)):
        place = session.rules.understanding.read(named).place
        if place is None or not (place.sure and place.outside):
            return Where(named)
    settled = yield from where(session, place, untold=untold)
    return replace(settled, label=map_points.at(settled.label, named))


def where(session: Session, place: Place | None, turn: int = 1, *, untold: bool = False) -> Flow[Where]:
    """Settle where it is: what was said is taken if it is sure, confirmed if it is not, asked for if missing.

    While what it is about is `untold`, the answer may tell that too. Of another commune that this desk serves
    it is settled there: each has its own hamlets.
    """
    told, area = "", ""
    for moved in count():
        found = yield from _where(session, place, turn + _MOVED * moved, untold=untold)
        told = f"{told}\n{found.told}".strip()
        if not found.area:
            return replace(found, told=told, area=area)
        session, area = session.at(found.area), found.area
        place = session.rules.understanding.read(found.label).place
    raise AssertionError("count never ends")


def _where(session: Session, place: Place | None, turn: int, *, untold: bool) -> Flow[Where]:
    named, stories = "", ""
    for again in count():
        key, told = turn + _AGAIN * again, ""
        if place is not None and place.sure and place.outside:
            said = yield _outside(session, place, key)
            if said == "hand_over":
                there, theirs = map_points.at(place.label, named), place.commune or place.label
                return Where(there, "" if place.area else theirs, stories, place.area)
            place, told = None, words_of(said, {}) if is_free(said) else ""
        elif place is not None and _precise(place):
            return Where(place.label, told=stories)
        elif place is not None and (place.choices or place.hamlet):
            place, told = yield from _confirmed(session, place, key)
        else:
            told = yield from _place(session.rules, key)
        if told:
            heard, named = session.rules.understanding.read(told), told
            place = heard.place
            if untold and place is not None and not map_points.within(told) and _tells_more(heard):
                return Where(place.label, told=f"{stories}\n{told}".strip())
            if _is_story(session, heard):
                stories, named = f"{stories}\n{told}".strip(), ""
            elif place is None or not place.sure or not place.outside:
                return Where(_with_hamlet(told, place), told=stories)
    raise AssertionError("count never ends")


def _confirmed(session: Session, place: Place, turn: int) -> Flow[tuple[Place | None, str]]:
    """Let one of the places that may be meant be chosen; none where it is none of them, or the one told."""
    another = _another_place(session.rules)
    if not place.choices:
        right = yield Ask("confirm", another, ("yes", "other"), facts={"place": place.label}, turn=turn)
        if is_free(right):
            return None, words_of(right, {})
        return (replace(place, sure=True, outside=False) if right == "yes" else None), ""
    labels = dict(place.choices)
    chosen = yield Ask("which", another, (*labels, "other"), labels, turn=turn)
    if is_free(chosen) or chosen == "other":
        return None, words_of(chosen, {}) if is_free(chosen) else ""
    label = ", ".join(part for part in (place.house, place.hamlet, labels[chosen]) if part)
    named = Place(label, chosen, labels[chosen], place.hamlet, place.house or label, sure=True)
    away, area = labels[chosen] != session.commune, session.rules.whole.served.by_label(labels[chosen])
    return replace(named, outside=away, area=area), ""


def _outside(session: Session, place: Place, turn: int) -> Ask:
    """Ask whether a place of another commune is meant: what this desk serves too it goes to directly."""
    facts = {"place": place.commune or place.label, "commune": session.commune}
    options, labels, words = ("hand_over", "other"), {}, ""
    if place.area:
        labels, words = {"hand_over": session.say("report.neighbour.hand_over")}, "neighbour"
    return Ask("outside", _another_place(session.rules), options, labels, facts, turn, words=words)


def _another_place(rules: Rules) -> Accept:
    """Accept words that name a place of their own: “không, ở thôn 5 cơ”."""

    def accept(said: Said) -> str:
        text = _NOT_THERE.sub("", typed(said))
        if map_points.within(text):
            return wording.shortened(text, LONGEST_PLACE)
        if rules.understanding.read(text).place is None:
            raise NotUnderstood(None)
        first, _, rest = text.partition(" ")
        return wording.shortened(rest if fold(first).strip(",.") in _NO else text, LONGEST_PLACE)

    return accept


def asks_about_papers(heard: Understood) -> bool:
    """Say whether it is a question about papers that names no place: it is the same in every hamlet."""
    return heard.place is None and heard.sure and (heard.kind, heard.topic) == ("hoi_dap", "thu_tuc")


def _precise(place: Place) -> bool:
    """Say whether nobody needs to be asked: the commune's own name alone leads nobody there."""
    return place.sure and bool(place.hamlet or place.house or place.outside)


def _tells_more(heard: Understood) -> bool:
    """Say whether words given for a place tell of the matter itself."""
    place = heard.place
    spot = fold(heard.text).split()[:1] in _SPOTS
    sure = heard.sure and heard.topic != _ANYTHING
    return heard.story and sure and not spot and place is not None and _precise(place)


def _with_hamlet(told: str, place: Place | None) -> str:
    """Return a place as it was told; with the name our officials know the hamlet by, where another."""
    label = wording.shortened(told, LONGEST_PLACE)
    named = place.hamlet if place is not None and place.sure else None
    return label if not named or fold(named) in fold(told) else f"{label} ({named})"


def _is_story(session: Session, heard: Understood) -> bool:
    """Say whether an answer to “where” is no place at all: it tells a wrong, or goes on with what is told.

    So does what is longer than any place. Who only names an official says who did what was told before; their
    house is a place.
    """
    if session.rules.accused.names_doer(heard.text, session.today):
        return True
    if not (heard.place and heard.place.hamlet) and is_piece(heard.text):
        return True
    said = exclusion.heard_of(session.rules, heard.text, session.today)
    wrong = heard.accuses or (said.wrong and not said.doubt)
    return heard.story and (wrong or len(heard.text) > LONGEST_PLACE)


def _place(rules: Rules, turn: int) -> Flow[str]:
    hamlets = {hamlet.code: hamlet.name for hamlet in rules.directory.hamlets[:_NINE]}
    named = yield Ask("place", _named_place, tuple(hamlets), hamlets, turn=turn, wants="location")
    return str(words_of(named, hamlets))


def _named_place(said: Said) -> str:
    """Take a place as it is told: “gần trạm bơm thôn 3” says more than the name of the hamlet."""
    text = typed(said)
    if len(text) < 2:
        raise NotUnderstood("common.too_short")
    return text


def topic_of(rules: Rules, heard: Understood, turn: int = 1) -> Flow[tuple[Understood, str]]:
    """Let the topic be chosen; words instead of a choice are added to the story and may settle it."""
    topics = rules.taxonomy.topics
    for again in count():
        offered = [code for code in dict.fromkeys((*heard.topics, "khac")) if code in topics]
        labels = {code: topics[code].name for code in offered}
        choice = yield Ask("topic", some_words, offered, labels, turn=turn + _AGAIN * again)
        if not is_free(choice):
            return heard, choice
        heard = with_more(heard, words_of(choice, {}))
        guess = rules.understanding.read(heard.text)
        if guess.sure:
            return replace(heard, topic=guess.topic, field=guess.field, urgency=guess.urgency), guess.topic
    raise AssertionError("count never ends")


def with_more(heard: Understood, words: str) -> Understood:
    """Add what was said at a question about something else to the story: nothing that is typed is lost."""
    return replace(heard, text=f"{heard.text}\n{words}")


REVIEW = ("send", "edit", "more", "seal")
SEALED_REVIEW = ("seal", "edit", "more")


_NOT_THERE = re.compile(
    r"[\s,]*(?:(?:chứ|chu|mà|ma)\s+)?(?:không|khong|ko|hông|hong|k|chẳng|not)\s*(?:phải|phai)?\s+(?:(?:là|la|ở|o)\s+)?"
    r"(?:thôn|thon|xóm|xom|ấp|ap|tổ|to|khu|hamlet)\s+\w+(?:\s+[A-ZĐ]\w*)*",
    re.IGNORECASE,
)
"""“… chứ không phải thôn 3”."""
_CORRECTS = re.compile(
    r"\s*(?:dạ\s+|da\s+)?(?:sai|nhầm|nham|không|khong|ko|lộn|lon|ở|o|tại|tai|phải là|phai la|no|wrong|at|in"
    r"|(?:sửa|sua|đổi|doi|chỉnh|chinh|ghi)(?:\s+(?:lại|lai))?"
    r"(?:\s+(?:chỗ|cho|nơi|noi|địa chỉ|dia chi|giúp|giup))?"
    r"\s+(?:ở|o|là|la|thành|thanh|qua|sang|nơi|noi|chỗ)"
    r"|(?:sửa|sua|đổi|doi|chỉnh|chinh|ghi)\s+(?:lại|lai)(?=\s+(?:thôn|thon|xóm|xom|ấp|ap)(?!\w)))"
    r"(?!\w)[\s,.]*",
    re.IGNORECASE,
)
_A_PLACE = 10
"""Words of the longest correction of a place."""


def corrected_place(session: Session, text: str) -> str:
    """Return the place in words that only correct it: “ở thôn 2 chứ không phải thôn 3”; empty for others."""
    denies = _NOT_THERE.search(text) is not None
    bare = _NOT_THERE.sub("", text)
    place = session.rules.understanding.read(bare).place
    only = len(text.split()) <= _A_PLACE and (denies or _CORRECTS.match(text) is not None)
    return place.label if only and place is not None and place.hamlet and place.sure else ""


def review(session: Session, draft: Draft, more: str, turn: int, *, whole: bool = False) -> Ask:
    """Show what was understood, to be sent, corrected or added to; words of one's own are added too.

    Who wishes to stay unnamed sees the `whole` story: what still tells who they are must not hide in its end.
    """
    options = SEALED_REVIEW if draft.sealed else REVIEW
    shown = partial(_shown, session, draft, more, whole=whole)
    return Ask("review", some_words, options, later=shown, turn=turn, primary=options[0])


def _shown(session: Session, draft: Draft, more: str, *, whole: bool) -> Mapping[str, object]:
    say = session.say
    return {
        "summary": _all_of(session, draft.heard.text) if whole else draft.heard.summary,
        "more": say("report.more", text=wording.shortened(more, SHOWN)) if more and not whole else "",
        "place": draft.place,
        "topic": session.rules.taxonomy.topics[draft.topic].name,
        "behalf": say("report.on_behalf") if draft.on_behalf else "",
        "files": say("report.files", count=session.files) if session.files else "",
        "confidential": walls.line(session, draft),
        "commune": session.commune,
    }


def _all_of(session: Session, text: str) -> str:
    """Return a story as it will be read; where it is too long for one message, how much more there is."""
    shown = wording.shortened(text, LONGEST_SHOWN)
    left = len(text) - len(shown)
    return f"{shown}{session.say('report.hidden', count=left)}" if left > 0 else text


def name_of(session: Session, step: Ask) -> Flow[tuple[str, str]]:
    """Ask for a name until one is given. Returns it, empty where it is left out, and what else was told.

    A name is a name: who tells a wrong instead, or of anything, is not to stand in the case as its sender.
    """
    return (
        yield from _until(
            step, step.options, lambda text: ("", text) if _tells(session, text) else (text, "")
        )
    )


def number_of(session: Session, step: Ask) -> Flow[tuple[str, str]]:
    """Ask for a number until one is given. Returns it or the option chosen, and what else was told."""
    return (yield from _until(step, step.options, lambda text: number_and_rest(session, text)))


def number_or_words(session: Session, refusal: str) -> Accept:
    """Accept a number, that there is none, or words that tell something; the words are not lost."""

    def accept(said: Said) -> str:
        text = typed(said)
        if not (numbers.is_none(text) or numbers.phone_alone(text) or _of_the_case(session, text)):
            raise NotUnderstood(refusal)
        return text

    return accept


def number_and_rest(session: Session, text: str) -> tuple[str, str]:
    """Return the number that words hold, and the words where they tell more than whose it is."""
    if numbers.is_none(text):
        return NO_NUMBER, ""
    number = numbers.phone_alone(text) or ""
    tells = _tells(session, numbers.mask(text, "")) if number else _of_the_case(session, text)
    return number, text if tells else ""


def _until(
    step: Ask, options: Sequence[str], read: Callable[[str], tuple[str, str]]
) -> Flow[tuple[str, str]]:
    told = ""
    for turn in count(1):
        kept = {"kept": step.facts["kept"] if told else ""}
        answer = yield replace(step, turn=turn, facts={**step.facts, **kept})
        if options and not is_free(answer):
            return answer, told
        found, more = read(words_of(answer, {}))
        told = f"{told}\n{more}".strip()
        if found or not more:
            return found, told
    raise AssertionError("count never ends")


def _tells(session: Session, text: str) -> bool:
    """Say whether words given for a name or a number tell something: a wrong, danger, or at length."""
    heard, said = (
        session.rules.understanding.read(text),
        exclusion.heard_of(session.rules, text, session.today),
    )
    wrong = heard.accuses or (said.wrong and not said.doubt)
    return wrong or bool(heard.emergency) or len(text.split()) > LONGEST_NAME


def _of_the_case(session: Session, text: str) -> bool:
    """Say whether words instead of a number tell something, or name somebody who serves: “anh Tuân ấy”."""
    said = exclusion.heard_of(session.rules, text, session.today)
    return said.wrong or bool(said.people) or aftermath.wronged(text) or _tells(session, text)


def anything_more(turn: int) -> Ask:
    """Ask for files or a more exact place; either comes back to the review."""
    return Ask("more", typed, turn=turn, by_files=True)


def some_words(said: Said) -> str:
    """Take further words as part of the story."""
    text = typed(said)
    if len(text) < SHORTEST_MORE:
        raise NotUnderstood(None)
    return text

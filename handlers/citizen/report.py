"""A citizen tells us, in their own words, what troubles them or what they wish for."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from itertools import chain, count
from typing import Any

import locales
from domain.cases import NotAllowed, NotNow
from domain.messages import Choice, Files, Message
from domain.understand import Understood, wishes
from handlers.citizen import (
    allowance,
    cases,
    contact,
    drafting,
    following,
    sealed,
    walls,
    which_commune,
)
from handlers.citizen.questions import (
    LONGEST_SHOWN,
    anything_more,
    review,
    some_words,
)
from handlers.citizen.questions import SHORTEST as SHORTEST
from handlers.citizen.questions import place_and_topic as place_and_topic
from handlers.citizen.questions import story as story
from handlers.engine.conversation import (
    AT,
    OLD,
    Conversation,
    Next,
    Reply,
    Seed,
    Session,
    Turn,
    begun_at,
    case_of,
)
from handlers.engine.flow import Ask, Flow, is_free, words_at_least, words_of
from services.acts.act import act
from services.acts.following import Follow
from services.intake import duplicates, new_cases
from services.intake.new_cases import Draft
from services.saying import ringing, wording
from services.standing import exclusion
from services.standing.parties import Actor
from services.standing.refusals import NobodyLeft
from storage.cases.cases import Case
from storage.ground.work import Recent

# --- what somebody tells -------------------------------------------------------------------------


def report(seed: Seed, session: Session) -> Flow[Draft | None]:
    """Ask for what is missing (at most place and topic), show what was understood, let it be corrected.

    Where the seed says `sealed` it can only be sent so; a `place` it names is not asked for. Nothing comes of
    it where somebody goes on elsewhere.
    """
    session, named = session.begun(seed), seed.get("place", "")
    heard = Understood.from_json(
        seed["heard"] if "heard" in seed else (yield story(session.rules, place=named))
    )
    first, session = heard.text, (yield from which_commune.linked(session, seed, heard))
    draft = yield from drafting.drafted(session, heard, named)
    if draft.heard.summary != heard.summary:  # the matter was told at a later question
        first = draft.heard.text
    for words in seed.get("gathered", ()):  # said too fast to be answered: it must not change what is asked
        draft = drafting.added(draft, words)
    draft = replace(draft, then=(*draft.then, *seed.get("then", ())), sealed=bool(seed.get("sealed")))
    asked, whole = False, draft.sealed
    for turn in count(1):
        session = session.at(draft.area)
        draft = sealed.shown(session, draft) if whole else draft
        if not asked and walls.names_nobody(session, draft):
            asked, draft = True, (yield from _whom(session, draft, turn))
        more = draft.heard.text.removeprefix(first).strip()
        said = yield review(session, draft, more, turn, whole=whole)
        choice = _meant(said)
        if choice == "seal":
            whole, meant = True, sealed.shown(session, drafting.whole(draft))
            untold = yield from sealed.untold(session, meant, turn)
            if untold is meant:
                return meant if draft.sealed else (yield from sealed.how(session, meant, turn))
            draft, first = untold, untold.heard.text  # what is left is shown again
            continue
        if choice == "send":
            return draft
        if choice in {"words", "more"}:
            draft = yield from _with_words(session, draft, choice, said, turn)
        elif choice != "stay":
            edited = yield from drafting.edited(session, draft, turn, "unsent" if choice == "unsent" else "")
            first = first if edited.heard.text.startswith(first) else edited.heard.text
            draft = edited
    raise AssertionError("count never ends")


def _with_words(session: Session, draft: Draft, choice: str, said: Any, turn: int) -> Flow[Draft]:  # noqa: ANN401 - as below
    """Take words that were said at the review, or ask for more: they put right or add."""
    if choice == "words":
        return (yield from drafting.corrected(session, draft, words_of(said, {}), turn + 1))
    words = yield anything_more(turn)
    moved = yield from drafting.moved(session, draft, words, turn + 1)
    return drafting.added(draft, words) if moved is None else moved


def _meant(said: Any) -> str:  # noqa: ANN401 - an option, or words of one's own
    """Return what was chosen for a draft that is shown, be it by a button or in words; else “words”."""
    if not is_free(said):
        return str(said)
    words = words_of(said, {})
    return "unsent" if wishes.unsent(words) else wishes.at_review(words) or "words"


def _whom(session: Session, draft: Draft, turn: int) -> Flow[Draft]:
    """Ask of whom a wrong is told, so that they can be kept out; nobody must say.

    Whoever answers just writes a name: it is read as one, by itself.
    """
    said = yield Ask("whom", words_at_least(2), ("skip",), turn=turn, named=True)
    if not is_free(said):
        return draft
    words = words_of(said, {})
    named = chain.from_iterable(session.rules.accused.answering(words, session.today))
    return replace(drafting.added(draft, words), whom=tuple(dict.fromkeys(map(str, named))))


def take_voice(turn: Turn, said: Files) -> bool:
    """Let a recording be the story where none is told yet: who listens to it knows. Says whether it is."""
    talk = turn.talk
    untold = talk.flow == REPORT.name and "heard" not in talk.seed and "story" not in talk.answers
    if not untold or not has_voice(said):
        return False
    talk.seed = {**talk.seed, "heard": voice(turn)}
    return True


def has_voice(said: Files) -> bool:
    """Say whether somebody spoke instead of writing."""
    return not said.caption.strip() and any(file.media == "audio" for file in said.files)


def voice(turn: Turn) -> dict[str, Any]:
    """Return what is understood of a recording: that there is one."""
    words = turn.say("report.voice")
    heard = turn.work.rules.understanding.read(words)
    return replace(heard, story=True, sure=False, place=None, on_behalf="").to_json()


# --- what becomes of it --------------------------------------------------------------------------


async def send(turn: Turn, draft: Draft | None) -> Reply:
    """Make the case and give the receipt, unless somebody may have told the same: then ask."""
    if draft is None:
        return sealed.dropped(turn)
    with turn.work.within(draft.area or turn.work.area):
        return await _sent(turn, complete(turn, draft))


async def _sent(turn: Turn, draft: Draft) -> Reply:
    if draft.sealed:
        return await sealed.send(turn, draft)
    if (shut_out := allowance.barred(turn, draft)) is not None:
        return shut_out
    same = await duplicates.same_matter(turn.work, draft, Actor.of(turn.chat))
    if same is not None:
        return Next(SAME, draft.to_json() | _facts(turn, same))
    return await opened(turn, draft)


async def opened(turn: Turn, draft: Draft) -> Reply:
    """Make the case, give the receipt, and go on with what else the message told."""
    if (enough := allowance.spent(turn, draft)) is not None:
        return _then(turn, draft, enough)
    try:
        case = await new_cases.open_case(turn.work, turn.chat, draft)
    except NobodyLeft:  # the words are given back, for whoever else they are sent to
        told = wording.shortened(draft.heard.text, LONGEST_SHOWN)
        text = f"{turn.say('walls.nobody_left')}\n{turn.say('walls.kept_words', story=told)}"
        return _then(turn, draft, Message(text, copy=draft.heard.text))
    turn.talk.last_case = case.code
    allowance.note(turn)
    called = await contact.asked_in_story(turn, case)
    message = receipt(turn, case, last=not draft.then)
    message = replace(message, text=f"{message.text}\n{called}".strip())
    if draft.elsewhere:
        line = turn.say("receipt.elsewhere", place=draft.elsewhere, commune=turn.session.commune)
        message = replace(message, text=f"{message.text}\n{line}")
    return _then(turn, draft, message)


def _then(turn: Turn, draft: Draft, message: Message) -> Reply:
    turn.talk.files = []
    if not draft.then:
        return message
    heard, *rest = draft.then
    before = f"{message.text}\n{turn.say('several.next')}"
    return Next(REPORT, {"heard": heard, "then": rest}, before=before)


def complete(turn: Turn, draft: Draft) -> Draft:
    """Add to what was confirmed the files that came with it, the hamlet, and which words were agreed to."""
    version = locales.version(turn.chat.language, "report.review.text")
    return replace(draft, files=tuple(turn.talk.files), consent=draft.consent or version)


def receipt(turn: Turn, case: Case, *, last: bool = True) -> Message:
    """Write the receipt: the code, who is responsible, and a real date.

    A number to call is asked for with the `last` one only: what follows another takes its choices' place.
    """
    work, say, language = turn.work, turn.say, turn.chat.language
    urgent = case.urgency in work.rules.ringing  # it has no date: it rings until somebody takes it
    text = say(
        "receipt.urgent" if urgent else "receipt.text",
        commune=wording.sentence(wording.keeper(work.rules, case.unit_id)),
        code=case.code,
        unit=work.rules.directory.unit(case.unit_id).name,
        due=wording.due(work, case, language),
        next=_next(turn, case),
    )
    text += wording.caveats(work.rules.terms[case.term], case, language)
    if case.confidential:
        text += walls.kept_close(turn, case)
    options = ("add", "show", "withdraw")
    choices = (Choice(say(f"receipt.options.{o}"), f"{o}:{case.code}:{case.version}") for o in options)
    return Message(text, (*choices, *(contact.choice(turn, case) if last else ())), copy=case.code)


def _next(turn: Turn, case: Case) -> str:
    """Say what happens now; where nobody at all is told of the case, where to turn instead."""
    if ringing.are_told(turn.work, case, ringing.handed_to(turn.work, case)):
        rings = case.urgency in turn.work.rules.ringing
        numbers = ringing.numbers(turn.work, case)
        return turn.say("receipt.rings", numbers=numbers) if rings else turn.say("receipt.next")
    heard = "receipt.admin_told" if ringing.admins(turn.work, case) else "receipt.nobody"
    unit = exclusion.hotline(turn.work, case)
    return turn.say(heard, phone=unit.phone) if unit else turn.say(f"{heard}_at_all")


# --- the same matter, told already ---------------------------------------------------------------


def _facts(turn: Turn, same: Recent) -> dict[str, Any]:
    return {
        "code": same.code,
        "count": same.followers + 1,
        "state": same.state,
        "mine": same.chat_key == turn.chat.own,
        "what": wording.matter(turn.work.rules, same.topic, same.area),
        "day": locales.short_day(turn.work.rules.calendar.local(same.opened_at).date()),
    }


def same_matter(seed: Seed, session: Session) -> Flow[tuple[Draft, str, str]]:
    """Ask whether it is what somebody has told already; then it is followed, or one's own is added to."""
    facts = {name: seed.get(name, "") for name in ("code", "count", "what", "day")}
    facts["state"] = session.say(f"follow.state.{seed['state']}")
    step, joined = ("own", "add") if seed["mine"] else ("other", "follow")
    labels = {"add": session.say("same.own.options.add", code=seed["code"])}
    told = list[str]()
    for turn in count(1):
        choice = yield Ask(step, some_words, (joined, "separate"), labels, facts, turn, primary=joined)
        if not is_free(choice):
            return reduce(drafting.added, told, Draft.from_json(seed)), seed["code"], choice
        told.append(words_of(choice, {}))
    raise AssertionError("count never ends")


async def settled(turn: Turn, result: tuple[Draft, str, str]) -> Reply:
    """Follow the case, add to it, or open one of one's own where that is wanted, or nothing else possible."""
    draft, code, choice = result
    with turn.work.within(draft.area or turn.work.area):
        return await _joined(turn, complete(turn, draft), code, choice)


async def _joined(turn: Turn, draft: Draft, code: str, choice: str) -> Reply:
    # Words told since may be nobody else's to read, and least of all of whoever told the matter first.
    close = choice == "follow" and new_cases.is_confidential(turn.work.rules, draft, turn.work.today)
    if choice == "separate" or close:
        return await opened(turn, draft)
    case = await case_of(turn, code)
    try:
        if choice == "add":
            message = await cases.add(turn, case, draft.heard.text, draft.files)
        else:
            message = await _followed(turn, case, draft)
    except (NotAllowed, NotNow):  # it has been answered, or kept close, since the question was put
        return await opened(turn, draft)
    return _then(turn, draft, message)


async def _followed(turn: Turn, case: Case, draft: Draft) -> Message:
    text, files = draft.heard.text, list(draft.files)
    await act(turn.work, case, Follow(text, files), Actor.of(turn.chat))
    following.joined(turn, case, text)
    due = wording.due(turn.work, case, turn.chat.language)
    options = {"show": "receipt.options.show", "unfollow": "follow.options.unfollow"}
    choices = (Choice(turn.say(key), f"{verb}:{case.code}:{case.version}") for verb, key in options.items())
    return Message(turn.say("same.followed", code=case.code, count=case.followers, due=due), tuple(choices))


# --- several matters in one message --------------------------------------------------------------


def several(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask whether the matters of one message are to be cases of their own. Further words go with the last."""
    facts, said = {"count": len(seed["parts"])}, []
    for turn in count(1):
        choice = yield Ask("each", some_words, ("apart", "together"), facts=facts, turn=turn)
        if not is_free(choice):
            break
        said.append(words_of(choice, {}))
    if choice == "together":
        return {**begun_at(seed), "heard": _longer(seed["heard"], said)}
    first, *rest = seed["parts"]
    return {**begun_at(seed), "heard": first, "then": [*rest[:-1], _longer(rest[-1], said)]}


def _longer(heard: dict[str, Any], said: Iterable[str]) -> dict[str, Any]:
    return {**heard, "text": "\n".join((heard["text"], *said))}


async def begun(_turn: Turn, seed: dict[str, Any]) -> Reply:
    """Begin with the first."""
    return Next(REPORT, seed)


def begin(turn: Turn, heard: Understood) -> Next:
    """Begin with what a message tells: as one matter, or with the question whether it is several."""
    understanding = turn.work.rules.understanding
    parts = [understanding.read(text) for text in understanding.matters(heard)]
    said = turn.work.rules.accused.read(heard.text, turn.work.today) if parts else None
    # Cut apart, "he measured it" would no longer tell who: what blames somebody by name stays whole.
    if said is None or (said.wrong and not said.doubt):
        return Next(REPORT, {"heard": heard.to_json()})
    # What names no place of its own is where the rest is.
    placed = [part if part.place else replace(part, place=heard.place) for part in parts]
    return Next(SEVERAL, {"heard": heard.to_json(), "parts": [part.to_json() for part in placed]})


def told_apart(turn: Turn, text: str) -> Next | None:
    """Begin with the question whether words are several matters, where a report was opened and tells nothing.

    None where they tell one, or where what is told is to be sent sealed or has its place from a link.
    """
    talk = turn.talk
    if talk.flow != REPORT.name or talk.answers or not talk.seed.keys() <= {AT, OLD}:
        return None
    opened = begin(turn, turn.work.rules.understanding.read(text))
    if opened.conversation is not SEVERAL:
        return None
    seed = {**begun_at(talk.seed), **opened.seed}
    talk.end()
    return Next(SEVERAL, seed)


REPORT = Conversation("report", report, send, waits=True, files=True)
SAME = Conversation("same", same_matter, settled, waits=True, files=True)
SEVERAL = Conversation("several", several, begun, waits=True, files=True)
CONVERSATIONS = (REPORT, SAME, SEVERAL)

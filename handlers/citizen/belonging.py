"""Which of somebody's own cases a message out of the blue belongs to, if it belongs to one."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Literal

from domain.cases import OPEN_STATES, Act, NotNow, State
from domain.codes import find
from domain.messages import Choice, Message
from domain.understand import Understood, fold, gist, likeness, wishes
from domain.understand.shapes import Shapes
from handlers.citizen import cases, emergency
from handlers.citizen.questions import some_words, with_more
from handlers.citizen.report import REPORT, begin
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, is_free, number, words_of
from services.acts import hearing
from services.acts.act import act, authorise
from services.acts.adding import Comment
from services.intake.new_cases import is_elsewhere, told_area
from services.saying import arrival, cards
from services.standing import besides, exclusion
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import from_ms

_SHAPES = Shapes("citizens")
_A_REMARK = 6
"""Words of the longest message that may only go on with a case that is open."""
Verdict = Literal["add", "ask", "new"]
_A_STORY = 6
"""Words of the shortest message that can be another matter where an officer has asked something."""
_LOOKED_AT = 400
"""Letters of a message in which a case's code is looked for."""
_ASKED = 2
"""Times it is asked whether words belong to the one case that is open, of who goes on without an answer."""
_UNSURE = 8
"""Words of the shortest message that can be another matter though nobody could say which."""


# --- while an officer waits, or has just been answered -------------------------------------------


def tells_another(heard: Understood, case: Case) -> bool:
    """Say whether words that could answer an officer clearly tell of something else."""
    long = len(heard.text.split()) >= _A_STORY
    return long and heard.story and heard.plain and heard.topic != case.topic


async def answered(
    turn: Turn, waiting: list[Case], heard: Understood, files: list[str], *, shared: bool = True
) -> Reply:
    """Answer an officer's question; with several open, or clearly another matter, the citizen says which.

    So they do of a whole story in which nothing is `shared` with what was told or asked.
    """
    doubt = await of_question(turn, waiting, heard, files)
    if doubt is not None:
        return doubt
    if not shared and heard.story and len(heard.text.split()) >= _A_STORY:
        return await ask(turn, waiting, heard, files)
    if len(waiting) == 1:
        return await cases.reply(turn, waiting[0], heard.text, files)
    labels = {case.code: f"{case.code} · {case.summary}" for case in waiting}
    return Next(cases.WHICH, {"cases": labels, "text": heard.text, "files": files})


def shares(heard: Understood, waiting: Sequence[Case]) -> bool:
    """Say whether words speak of what a case tells of, or of what its officer asked."""
    said = gist(heard.text)
    return any(likeness(said, gist(f"{case.story}\n{case.question or ''}"))[1] for case in waiting)


async def of_question(
    turn: Turn, waiting: Sequence[Case], heard: Understood, files: list[str]
) -> Reply | None:
    """Return the question whether words are an answer at all, where they clearly tell of something else.

    Where they may go with what is kept from whoever asks, they never go to them unasked.
    """
    if close := await doubted(turn, waiting, heard):
        named = next((case for case in close if case.code == find(heard.text[:_LOOKED_AT])), None)
        if named is not None:
            return await cases.add(turn, named, heard.text, files)
        alarm = next((case for case in close if emergency.runs(case)), None)
        if alarm is not None:
            return await emergency.more(turn, alarm, heard, files)
        return await ask(turn, [*waiting, *close], heard, files)
    if any(not tells_another(heard, case) for case in waiting):
        return None
    return await ask(turn, waiting, heard, files)


async def doubted(turn: Turn, found: Sequence[Case], heard: Understood) -> list[Case]:
    """Return the open cases that words may belong to instead, kept from whoever has one of those found.

    None where the words plainly belong to what was found.
    """
    mine = await stored.with_close(turn.work, turn.chat.own)
    close = [other for case in found for other in besides.shut_to_asker(turn.work, case, mine)]
    close = [case for case in dict.fromkeys(close) if case not in found]
    return [] if all(_is_plainly_of(turn, heard, case, close) for case in found) else close


def _is_plainly_of(turn: Turn, heard: Understood, case: Case, others: Sequence[Case]) -> bool:
    """Say whether words share something with a case or its question, and nothing with any of the others."""
    said, named = gist(heard.text), find(heard.text[:_LOOKED_AT])
    if named in {case.code, *(other.code for other in others)}:
        return named == case.code
    if any(likeness(said, gist(other.story))[1] for other in others):
        return False
    if turn.work.rules.accused.may_be_told_of(heard.text, turn.work.today) or heard.accuses:
        return False
    asked = case.question or ""
    return bool(likeness(said, gist(f"{case.story}\n{asked}"))[1])


# --- after a receipt -----------------------------------------------------------------------------


async def just_spoken_of(turn: Turn) -> Case | None:
    """Return the open case for which a receipt was given, or a question put, a short while ago."""
    case = await stored.by_code(turn.work, turn.talk.last_case) if turn.talk.last_case else None
    if case is None or case.chat_key != turn.chat.own or case.state not in OPEN_STATES:
        return None
    listening, since = turn.work.rules.listening, turn.work.now - case.opened_at
    return case if since <= listening.afterthought or _asked_within(turn, case, listening.question) else None


def _asked_within(turn: Turn, case: Case, limit: timedelta) -> bool:
    return bool(case.pauses) and turn.work.now - from_ms(case.pauses[-1][0]) <= limit


def verdict(turn: Turn, heard: Understood, case: Case) -> Verdict:
    """Say whether words belong to a case, are another matter, or could be either."""
    if not heard.story:
        return "add" if number(heard.text) is None else "new"
    if turn.work.now - case.opened_at > turn.work.rules.listening.afterthought:
        return "ask" if tells_another(heard, case) else "add"
    away = elsewhere(turn, heard, case)
    if heard.plain and heard.topic != case.topic:
        return "new" if heard.place is not None else "ask"
    if away:
        return "new" if heard.plain else "ask"
    shared = likeness(gist(heard.text), gist(case.story))[1]
    unlike = heard.plain or (case.topic not in heard.topics and len(heard.text.split()) >= _UNSURE)
    return "ask" if unlike and not shared else "add"


def elsewhere(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether the words name another hamlet than the case's, or another commune."""
    if heard.place is None or not heard.place.hamlet:
        return heard.place is not None and is_elsewhere(turn.work.rules, heard.place, case.area)
    return told_area(turn.work.rules, heard.place) != case.area


async def corrected(turn: Turn, heard: Understood, files: list[str]) -> Reply | None:
    """Add a correction to the open case, or ask to which; None where nothing is open."""
    if not wishes.corrects(heard.text) or heard.emergency:
        return None
    mine = [case for case in await stored.of_chat(turn.work, turn.chat.own) if case.state in OPEN_STATES]
    last = [case for case in mine if case.code == turn.talk.last_case] or mine
    if not last:
        return None
    close = await doubted(turn, last[:1], heard)
    if len(last) > 1 or close:
        return await ask(turn, list(dict.fromkeys([*last, *close])), heard, files)
    return await cases.add(turn, last[0], heard.text, files)


# --- at any time after that ----------------------------------------------------------------------


async def left_open(turn: Turn, heard: Understood, files: list[str]) -> Reply | None:
    """Take words as the late answer to a question, or ask whether they go with what is open.

    None where nothing is open, or where they tell a matter of their own.
    """
    mine = [case for case in await stored.of_chat(turn.work, turn.chat.own) if case.state in OPEN_STATES]
    if not mine or heard.small_talk or not heard.text.strip() or number(heard.text) is not None:
        return None
    late = [case for case in mine if await cases.lapsed(turn, case)]
    if len(late) == 1 and _may_answer(turn, heard, late[0]):
        if close := await doubted(turn, late, heard):
            return await ask(turn, [*late, *close], heard, files)
        return await cases.add(turn, late[0], heard.text, files)
    of_it = _is_remark(turn, heard, mine) or wishes.disputes(heard.text)
    return await ask(turn, mine, heard, files) if heard.story and of_it else None


def _may_answer(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words may be the answer to a question that lapsed: not those that tell something else."""
    if not heard.story:
        return True
    alike = likeness(gist(heard.text), gist(case.story))[1]
    other = heard.plain and heard.topic != case.topic
    long = len(heard.text.split()) >= _UNSURE
    return not (elsewhere(turn, heard, case) or other or (long and not alike and heard.topic != case.topic))


def _is_remark(turn: Turn, heard: Understood, mine: Sequence[Case]) -> bool:
    """Say whether words tell no matter of their own: few, of no hamlet, about nothing else for certain."""
    other = heard.plain and heard.topic not in {case.topic for case in mine}
    few = len(heard.text.split()) <= _A_REMARK and not other
    placed = heard.place is not None and bool(heard.place.hamlet)
    asks = heard.kind == "hoi_dap" or exclusion.heard_of(turn.work.rules, heard.text, turn.work.today).wrong
    return few and not placed and not heard.doubt and not asks


# --- which it is ---------------------------------------------------------------------------------


async def ask(turn: Turn, found: Sequence[Case], heard: Understood, files: list[str]) -> Reply:
    """Ask which of these cases the words belong to, or whether they are another matter.

    What tells a wrong of somebody waits for no answer: they would have the case until it comes.
    """
    if (kept := await _kept_first(turn, found, heard, files)) is not None:
        return kept
    turn.talk.files += files
    labels = {case.code: f"{case.code} · {case.summary}" for case in found}
    return Next(BELONGS, {"heard": heard.to_json(), "cases": labels})


async def _kept_first(
    turn: Turn, found: Sequence[Case], heard: Understood, files: list[str]
) -> Message | None:
    """Say words of each case they would close; whoever meant another matter says so afterwards."""
    several = len(found) > 1
    here = [case for case in found if not elsewhere(turn, heard, case)]
    shut = [c for c in here if await hearing.would_close(turn.work, c, heard.text, to_readers=several)]
    told = [await cases.add(turn, case, heard.text, files) for case in shut]
    if not told:
        return None
    last = shut[-1]
    separate = Choice(turn.say("belongs.which.options.separate"), f"apart:{last.code}:{last.version}")
    return Message("\n".join((*(one.text for one in told), turn.say("belongs.kept_first"))), (separate,))


async def _apart(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    """Begin a matter of its own with the words that were last said of a case."""
    authorise(turn.work, case, Act.SUPPLEMENT, Actor.of(turn.chat), None)
    lines = await stored.history(turn.work, case)
    said = next((one.detail.get("text") for one in reversed(lines) if one.act == Act.SUPPLEMENT), "")
    if not said:
        return Next(REPORT, {})
    return begin(turn, turn.work.rules.understanding.read(said))


VERBS: dict[str, Verb] = {"apart": _apart}


def belongs(seed: Seed, session: Session) -> Flow[tuple[str, Understood]]:
    """Ask; where there is one case only, by its code."""
    codes = list(seed["cases"])
    labels: dict[str, str] = seed["cases"]
    if len(codes) == 1:
        labels = {codes[0]: session.say("belongs.which.options.add", code=codes[0])}
    step, heard = "which" if len(codes) == 1 else "many", Understood.from_json(seed["heard"])
    for turn in count(1):
        choice = yield Ask(step, some_words, (*codes, "separate"), labels, {"code": codes[0]}, turn)
        if not is_free(choice):
            return choice, heard
        heard = with_more(heard, words_of(choice, {}))
        if turn >= _ASKED and len(codes) == 1 and not _may_tell_of_somebody(heard.text):
            return codes[0], heard  # who only goes on is not asked over and over: nothing is lost
    raise AssertionError("count never ends")


def _may_tell_of_somebody(text: str) -> bool:
    """Say whether words, or their pieces taken together, may tell of a person: they go nowhere unasked."""
    return _SHAPES.pattern("somebody").search(fold(text)) is not None


async def settled(turn: Turn, result: tuple[str, Understood]) -> Reply:
    """Hand the words to the case, or begin with them; also where the case is over by now."""
    choice, heard = result
    if choice == "separate":
        return begin(turn, heard)
    try:
        return await cases.reply(turn, await case_of(turn, choice), heard.text, turn.talk.files)
    except NotNow:
        return begin(turn, heard)


BELONGS = Conversation("belongs", belongs, settled, waits=True, files=True)
CONVERSATIONS = (BELONGS,)

# --- words about what was done -------------------------------------------------------------------


async def remarked(turn: Turn, heard: Understood, files: Sequence[str], *, thanks: bool) -> Message | None:
    """Keep what is said of an answer, and ask for the mark; None where it is about nothing answered."""
    case = await _answered(turn, heard, thanks=thanks, files=bool(files))
    if case is None:
        return None
    turn.about = case
    await act(turn.work, case, Comment(heard.text, list(files)), Actor.of(turn.chat))
    key = "comment.rate" if case.state == State.ANSWERED else "comment.closed"
    said = arrival.passed_on(turn.work, case, turn.chat.language, key, code=case.code)
    return Message(said, cards.citizen_choices(turn.work, case, turn.chat.language))


async def _answered(turn: Turn, heard: Understood, *, thanks: bool, files: bool) -> Case | None:
    """Return the case the words are about: one answered and not rated, or the latest, closed not long ago."""
    answered = stored.answered_of(turn.work, turn.chat.own)
    told_of = next((case for case in answered if _tells_of_holder(turn, heard, case)), None)
    if told_of is not None:
        return told_of
    says_how = heard.remark or bool(wishes.mark(heard.text))
    if not heard.story or says_how:
        unrated = [case for case in answered if _may_be(turn, heard, case)]
        if unrated and (says_how or thanks or files or not heard.small_talk):
            return unrated[0]
    last = await stored.by_code(turn.work, turn.talk.last_case) if turn.talk.last_case else None
    if last is None or last.state != State.CLOSED or last.chat_key != turn.chat.own:
        return None
    since = turn.work.now - (last.answered_at or last.opened_at)
    late = last.answered_at is None or since > turn.work.rules.patience.reopen_within
    if late or not _may_be(turn, heard, last) or heard.small_talk:
        return None
    return last if says_how or (heard.story and await _is_aftertaste(turn, heard, last)) else None


async def _is_aftertaste(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether a few words that tell no matter of their own come right after a case was closed."""
    ended = max(line.at for line in await stored.history(turn.work, case))
    return _is_remark(turn, heard, [case]) and turn.work.now - ended <= turn.work.rules.listening.afterthought


def _tells_of_holder(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether a few words tell a wrong that only whoever answered can have done: "đòi 200 ngàn"."""
    few = len(heard.text.split()) <= _UNSURE and not heard.emergency and not elsewhere(turn, heard, case)
    return few and hearing.is_of_holder(turn.work, case, heard.text)


def may_dispute(turn: Turn, text: str, case: Case) -> bool:
    """Say whether words that an answer is not true can be about this case: officials are spoken of in all."""
    heard = turn.work.rules.understanding.read(text)
    if turn.work.rules.taxonomy.fields[heard.field].confidential:
        return not elsewhere(turn, heard, case)
    return _may_be(turn, heard, case)


def _may_be(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether nothing in the words speaks against their being about this case."""
    other = heard.story and heard.plain and heard.topic != case.topic
    return not other and not elsewhere(turn, heard, case)

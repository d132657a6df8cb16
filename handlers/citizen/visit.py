"""Coming back to a sealed case by its secret: see how it stands, answer, add, rate, reopen, withdraw.

The secret is kept nowhere. While the case is open here the chat's state holds its code; that is gone with the
next thing said about anything else, and after a while by itself (`handlers.engine.confidence`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from domain import secrecy
from domain.cases import OPEN_STATES, NotAllowed, NotNow, State
from domain.messages import Message
from domain.secrecy import Spoken
from domain.understand import traces
from handlers.citizen import cries, unclear
from handlers.citizen.cases import LOW, REASONS
from handlers.citizen.sealed import bare
from handlers.engine.commands import MISCOPIED
from handlers.engine.conversation import Conversation, Keep, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, is_free, words_at_least, words_of
from services.acts import asking
from services.acts.adding import Comment, Supplement
from services.acts.closing import Close, Rate, Reopen
from services.acts.withdrawing import Withdraw
from services.intake import sealed
from services.intake.sealed import Waiting
from services.saying import wording
from services.standing.kinds import Request
from services.standing.refusals import TooManyTries
from storage.cases import cases as stored
from storage.cases.attachments import untraced
from storage.cases.cases import Case

LETTERS = (2, 2000)
"""Letters of what may be added."""
_MARKS = ("1", "2", "3", "4", "5")
_SAID = {"reply": asking.Reply, "add": Supplement, "comment": Comment}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who knows the secret wants done: in words, with a mark or a reason where it takes one."""

    code: str
    what: str
    text: str = ""
    mark: int = 0
    reopen: bool = False
    files: tuple[str, ...] | None = None
    """What came with it; None where the conversation has gathered it."""
    waits: Mapping[str, str] | None = None
    """The report that still waits, which has no code yet."""


def visit(seed: Seed, session: Session) -> Flow[Wish]:
    """Ask what is to be done now, and what that takes. Words instead of a choice are for the officer."""
    code, offers = seed["code"], tuple(seed["offers"])
    says = next((offer for offer in offers if offer in _SAID), "comment")
    what = yield Ask("what", words_at_least(*LETTERS), offers, by_files=True, primary=offers[0])
    if is_free(what):
        return Wish(code, says, words_of(what, {}))
    if what in _SAID:
        return Wish(code, what, (yield Ask(what, words_at_least(*LETTERS), by_files=True)))
    if what == "rate":
        return (yield from _rate(code, session))
    if what == "reopen":
        return Wish(code, what, (yield from _why(session)))
    sure = yield Ask("sure", options=("yes", "no"))
    return Wish(code, "withdraw" if sure == "yes" else "keep")


def _rate(code: str, session: Session) -> Flow[Wish]:
    labels = {mark: session.say(f"rating.{mark}") for mark in _MARKS}
    given = yield Ask("mark", words_at_least(*LETTERS), _MARKS, labels)
    if is_free(given):
        return Wish(code, "comment", words_of(given, {}))
    mark = int(given)
    if mark > LOW:
        return Wish(code, "rate", mark=mark)
    reason = yield from _why(session)
    then = yield Ask("then", options=("reopen", "note"), primary="reopen")
    return Wish(code, "rate", reason, mark, reopen=then == "reopen")


def _why(session: Session) -> Flow[str]:
    labels = {reason: session.say(f"rate.why.options.{reason}") for reason in REASONS}
    said: str = words_of((yield Ask("why", words_at_least(2), REASONS, labels)), labels)
    return said.rstrip(" .")


async def visited(turn: Turn, wish: Wish) -> Reply:
    """Let what was wished for be done as the citizen of the case, once it does not tell who that is."""
    if traces.read(wish.text).traces:
        return Next(BESIDE, {"wish": asdict(wish)})
    return await _done(turn, wish)


async def _done(turn: Turn, wish: Wish) -> Reply:
    if wish.waits:
        return await _kept(turn, wish)
    case = await stored.by_code(turn.work, wish.code)
    if case is None:
        raise LookupError(wish.code)
    try:
        done = await _do(turn, case, wish)
    except (NotNow, NotAllowed):  # its code must not be named here, as other refusals do
        return Message(turn.say("visit.not_now"))
    return cries.asked(turn, case, wish.text, Message(turn.say(f"visit.done.{done}")))


async def _kept(turn: Turn, wish: Wish) -> Reply:
    """Put it with the report that waits; it may have been opened while we asked."""
    waiting = Waiting(**(wish.waits or {}))
    try:
        await sealed.add(turn.work, turn.chat, waiting, wish.text, _files(turn, wish))
    except LookupError:
        return Message(turn.say("visit.opened"))
    return cries.asked(turn, waiting, wish.text, Message(turn.say("visit.waiting_added")))


async def _do(turn: Turn, case: Case, wish: Wish) -> str:
    """Let it be done, among what others send. Returns what will come of it. Raises NotNow, NotAllowed."""
    files = await untraced(turn.work, _files(turn, wish)) if wish.what in _SAID else []
    acts = _acts(wish, files)
    if acts:
        await sealed.wish(turn.work, turn.chat, case, acts, files)
    return "reopen" if wish.reopen else wish.what


def _acts(wish: Wish, files: list[str]) -> list[Request]:
    """Return what is to be done, one after the other."""
    if wish.what in _SAID:
        return [_SAID[wish.what](wish.text, files)]
    if wish.what == "withdraw":
        return [Withdraw()]
    rated = [Rate(wish.mark)] if wish.what == "rate" else []
    if wish.what == "reopen" or wish.reopen:
        return [*rated, Reopen(wish.text)]
    return [*rated, Close(wish.text)] if rated else []


def _files(turn: Turn, wish: Wish) -> list[str]:
    return list(turn.talk.files if wish.files is None else wish.files)


def beside(seed: Seed, session: Session) -> Flow[Wish]:
    """Ask whether what was said is to go without what tells who wrote it."""
    wish = Wish(**seed["wish"])
    return replace(wish, text=(yield from bare(session, wish.text)))


BESIDE = Conversation("beside", beside, _done, files=True, private=True)
VISIT = Conversation("visit", visit, visited, files=True, private=True)


async def _secret(turn: Turn, text: str) -> Reply:
    """Show the case whose secret this is."""
    found = await _found(turn, text.strip())
    if isinstance(found, Waiting):
        return Message(turn.say("visit.waiting"))
    return found if isinstance(found, Message) else await _shown(turn, found)


async def _secret_add(turn: Turn, text: str) -> Reply:
    """Add the words beside a secret to its case."""
    secret, _, words = text.strip().partition(" ")
    return await _added(turn, Spoken(secret.strip(MISCOPIED), words), ())


async def with_files(turn: Turn, caption: str, files: Sequence[str]) -> Reply:
    """Add files, and the words under them, to the case whose secret stands among these."""
    return await _added(turn, secrecy.read(caption) or Spoken(""), tuple(files))


async def _added(turn: Turn, spoken: Spoken, files: tuple[str, ...]) -> Reply:
    """Put what came beside a secret with its case, in whatever state that is, and say so."""
    case = await _found(turn, spoken.secret)
    if isinstance(case, Message):
        return _not_kept(turn, case.text, spoken.words)
    if (cry := await cries.passed_on(turn, case, spoken.words, files)) is not None:
        return cry
    if isinstance(case, Waiting):
        return await _with_what_waits(turn, case, spoken.words, list(files))
    says = _takes(turn, case)
    if len(spoken.words) < LETTERS[0] and not files:
        return await _shown(turn, case)
    if not says:
        return Message(turn.say("visit.closed"))
    return await visited(turn, Wish(case.code, says, spoken.words, files=files))


def _takes(turn: Turn, case: Case) -> str:
    """Return how words are put with a case now: as an answer, as more or as a remark; not once withdrawn."""
    if stored.is_asked(turn.work, case):
        return "reply"
    if case.state in OPEN_STATES:
        return "add"
    return "comment" if case.state in {State.ANSWERED, State.CLOSED} else ""


def _not_kept(turn: Turn, why: str, words: str) -> Message:
    """Say that words beside what is no secret were kept nowhere; danger is heard at once without one."""
    numbers = cries.numbers(turn, words)
    lost = turn.say("visit.not_kept_danger" if numbers else "visit.not_kept")
    return unclear.first(Message(f"{why}\n{lost}"), numbers)


async def _secret_lost(turn: Turn, _text: str) -> Reply:
    """Say honestly that nobody can find a secret again, and what can still be done."""
    turn.keep = Keep(turn.when, turn.work.rules.secrecy.open_for)
    return Message(turn.say("visit.lost"))


async def _with_what_waits(turn: Turn, waiting: Waiting, words: str, files: list[str]) -> Reply:
    """Put words and files to a report that waits, and say that it does."""
    if len(words) < LETTERS[0] and not files:
        return Message(turn.say("visit.waiting"))
    wish = Wish("", "add", words, files=tuple(files), waits=waiting.to_json())
    return await visited(turn, wish)


async def _found(turn: Turn, secret: str) -> Case | Waiting | Message:
    """Return the case with this secret, or the words that say why there is none to show."""
    turn.keep = Keep(turn.when, turn.work.rules.secrecy.open_for)
    if not secret:
        return Message(turn.say("visit.miscopied"))
    try:
        case = await sealed.find(turn.work, turn.chat, secret)
    except TooManyTries:
        return Message(turn.say("visit.too_many"))
    return case or Message(turn.say("visit.wrong"))


async def _shown(turn: Turn, case: Case) -> Reply:
    """Tell how the case stands, without what would tell which one it is, and ask what is to be done."""
    with turn.work.within(case.area):
        return await _told(turn, case)


async def _told(turn: Turn, case: Case) -> Reply:
    work, language = turn.work, turn.chat.language
    asked = stored.is_asked(work, case)
    lines = [await wording.steps(work, case, language), wording.standing(work, case, language)]
    lines += [turn.say("visit.question", question=case.question)] if asked else []
    lines += [turn.say("visit.answer", answer=case.answer)] if case.answer and case.answered_at else []
    text, offers = "\n".join(lines), _offers(turn, case)
    return Next(VISIT, {"code": case.code, "offers": offers}, before=text) if offers else Message(text)


def _offers(turn: Turn, case: Case) -> list[str]:
    """Return what the citizen of this case may do with it now."""
    if stored.is_asked(turn.work, case):
        return ["reply", "withdraw"]
    if case.state in OPEN_STATES:
        return ["add", "withdraw"]
    until = turn.work.now - turn.work.rules.patience.reopen_within
    may_reopen = case.state in {State.ANSWERED, State.CLOSED} and (case.answered_at or until) > until
    rates = case.state == State.ANSWERED and case.rating is None
    return ["rate"] * rates + ["reopen"] * may_reopen


CONVERSATIONS = (VISIT, BESIDE)
OPTIONS: dict[str, Option] = {"secret": _secret, "secret_add": _secret_add, "secret_lost": _secret_lost}

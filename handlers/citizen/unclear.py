"""Words that may speak of danger: one question, with the numbers to call; what was told goes on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.messages import Files, Message, Text
from domain.understand import Understood, aftermath, wishes
from domain.understand.dangers import HUNCH, Answer
from domain.understand.fold import fold
from domain.understand.understood import calmer
from handlers.citizen import across, belonging, emergency, midway, which_alarm
from handlers.citizen.report import REPORT, begin
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, NotUnderstood, is_free, number, typed, words_at_least, words_of
from services.intake import doubts
from services.saying import ringing
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import to_ms


def unclear(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask whether somebody is in danger now."""
    heard = Understood.from_json(seed["heard"])
    facts = {"numbers": seed.get("numbers", "")}
    told: list[str] = []
    facts_told, sealed = False, bool(seed.get("sealed"))
    # Who says neither yes nor no is asked once more; then only a clear no is none.
    for turn, words in (1, ""), (2, "again"):
        said = yield Ask(
            "now",
            words_at_least(1, 2000),
            ("yes", "no"),
            facts=facts,
            turn=turn,
            primary="yes",
            by_files=True,
            own_words=True,
            words="sealed" if sealed else words,
        )
        if not is_free(said):
            return _result(seed, said, told, facts_told=facts_told)
        told.append(words_of(said, {}))
        facts_told = facts_told or _tells(heard, told[-1], session)
        sure = facts_told and (turn > 1 or not _only_places(heard, told[-1], session))
        meant = _meant(heard, told, session, seed) or ("yes" if sure else "")
        if meant and not (turn == 1 and _takes_back_itself(heard, told[-1])):
            break
    return _result(seed, meant or "yes", told, facts_told=facts_told)


def _result(seed: Seed, meant: str, told: Sequence[str], *, facts_told: bool) -> dict[str, Any]:
    more = "\n".join(told)
    more = more if facts_told or len(more.split()) > _FEW else ""
    begun = {name: seed[name] for name in _BEGUN if name in seed}
    return {**begun, "heard": seed["heard"], "meant": meant, "more": more, "kept": seed.get("kept", False)}


def _meant(heard: Understood, told: Sequence[str], session: Session, seed: Seed) -> Answer:
    """Read an answer in words of one's own; with what was told before it may speak of danger for certain."""
    ear = session.rules.understanding
    meant = ear.answers(told[-1], heard, english=bool(seed.get("english"))) or _plainly(told[-1])
    together = ear.read(", ".join((heard.text, *told))) if meant != "no" else None
    return "yes" if together is not None and together.emergency else meant


def _takes_back_itself(heard: Understood, text: str) -> bool:
    """Say whether who may harm themselves only says that it was a mistake: they are asked once more."""
    return _SELF in heard.dangers and aftermath.takes_back(text)


def _plainly(text: str) -> Answer:
    """Return the yes or no of a few words that say so of anything at all; “thôi” says neither here."""
    meant = wishes.answer(text) if "no" not in fold(text).split() else None
    return meant if meant in {"yes", "no"} else ""


def _tells(heard: Understood, text: str, session: Session) -> bool:
    """Say whether an answer tells where, who or by which number: nobody tells that of nothing.

    After a hunch only a few words do: more may be another matter. What words raised, more such words confirm.
    """
    ear = session.rules.understanding
    read = ear.read(text)
    told = read.phone is not None or ear.names(read)
    if heard.dangers == HUNCH:
        return told and len(text.split()) <= _REMARK
    return told or bool(read.doubt)


def _only_places(heard: Understood, text: str, session: Session) -> bool:
    """Say whether an answer after a hunch tells where, and no number: people tell that of anything."""
    read = session.rules.understanding.read(text)
    return heard.dangers == HUNCH and read.place is not None and read.phone is None


async def meant(turn: Turn, result: dict[str, Any]) -> Reply:
    """Raise the alarm, or take what was told for an ordinary story: nobody types it twice."""
    heard = Understood.from_json(result["heard"])
    files, turn.talk.files = turn.talk.files, []
    more = result["more"]
    if result["meant"] == "yes" and not result.get("sealed"):
        return await emergency.raise_alarm(turn, doubts.certain(turn.work, heard, more), files)
    if result["kept"] and not more:  # it is with a case already
        return Message(turn.say("unclear.none_beside" if turn.talk.waiting else "unclear.none"))
    plain = result["meant"] == "no" and not heard.close
    if more:
        read = turn.work.rules.understanding.read(more if result["kept"] else f"{heard.text}\n{more}")
        heard = replace(read, doubt=heard.doubt, dangers=heard.dangers, close=heard.close)
    if plain:  # nobody is woken for what is said to be none; what happens at home stays as pressing
        heard = replace(heard, doubt=(), now=False, urgency=calmer(heard.urgency))
    turn.talk.files = files
    if await which_alarm.ceased(turn) is not None:  # it is not asked again
        turn.talk.emergency = ""
    if result.get("sealed"):
        return _sealed(turn, heard, result)
    waiting = stored.asked_of(turn.work, turn.chat.own) if result.get("asked_by") else []
    if waiting:
        files, turn.talk.files = turn.talk.files, []
        return await belonging.answered(turn, waiting, heard, files, shared=False)
    if not heard.story:
        raise NotUnderstood(None)
    return begin(turn, heard)


def _sealed(turn: Turn, heard: Understood, result: dict[str, Any]) -> Next:
    """Go on with what is to be sent sealed: nobody hears of it before, be it danger or not."""
    seed: Seed = {name: result[name] for name in ("sealed", "place") if name in result}
    before = ""
    if result["meant"] == "yes":
        before = turn.say("sealed.danger", numbers=emergency.calls(turn, heard.doubt))
        heard = doubts.certain(turn.work, heard, "")
    heard = replace(heard, story=True, sure=heard.sure or bool(before))  # no danger waits for a topic
    return Next(REPORT, {**seed, "heard": heard.to_json()}, before=before)


_SELF = "suicide"
_BEGUN = ("sealed", "place", "asked_by")
"""What a question takes over from where it was put, beside the words that raised it."""
_FEW = 2
"""Words of a bare yes or no."""
_REMARK = 8
"""Words that tell one thing and no other."""

DOUBT = Conversation(emergency.UNCLEAR, unclear, meant, waits=True, files=True)
CONVERSATIONS = (DOUBT,)


def first_of(asking: Next) -> Next:
    """Let it be asked before an officer's question is answered: after a no the words are the answer."""
    return replace(asking, seed={**asking.seed, "asked_by": True})


def ask(turn: Turn, said: Text | Files, over: Case | None = None, *, kept: bool = False) -> Next | None:
    """Begin to ask where the words leave it open whether somebody is in danger; `kept`: a case has them.

    After an alarm that is over any words do, but thanks and what calms: “nó lại tới kìa” is no danger alone.
    """
    text = typed(said)
    heard = turn.work.rules.understanding.read(text)
    if over is not None and heard.dangers in {(), HUNCH} and _may_be_of_it(turn, heard):
        called = ringing.numbers_of(turn.work, over)
        heard = replace(heard, doubt=called, dangers=(), close=over.confidential)
    if not heard.doubt:
        return None
    emergency.in_their_language(turn, text)
    point = midway.point(turn)
    if point:
        heard, _ = across.pointed(turn, heard, point)
    if isinstance(said, Files):
        turn.talk.files += [file.id for file in said.files]
    numbers = emergency.calls(turn, heard.doubt)
    seed: dict[str, Any] = {
        "heard": heard.to_json(),
        "numbers": numbers,
        "asked": to_ms(turn.work.now),
        "kept": kept,
    }
    seed["point"] = point
    seed["english"] = turn.chat.language == "en"
    return Next(DOUBT, seed)


def amid(turn: Turn, said: Text | Files) -> Next | None:
    """Begin to ask the same in the middle of a report; what it told so far goes on with what is told now.

    What was asked of the story is not asked again. Of what is to be sent sealed nothing rings by the clock.
    """
    ear, text, talk = turn.work.rules.understanding, typed(said), turn.talk
    sealed = bool(talk.seed.get("sealed"))
    story = midway.own_words(turn) if sealed else midway.story_of(turn)
    heard = ear.read(text)
    long = len(text.split()) >= _REMARK  # more than an answer
    if not heard.doubt or not (long or ear.interrupts(heard)) or not (story or sealed):
        return None
    if wishes.unknown(text) or {*heard.dangers} <= {*ear.read(story).dangers}:
        return None
    asking = ask(turn, said)
    if asking is None:
        return None
    whole = replace(ear.read(f"{story}\n{text}".strip()), doubt=heard.doubt, dangers=heard.dangers)
    whole = replace(whole, close=whole.close or heard.close)
    if sealed:
        whole = replace(whole, place=whole.place or midway.chosen_place(turn))
    seed = {**asking.seed, "heard": whole.to_json()}
    if sealed:
        del seed["asked"]
        seed |= {name: talk.seed[name] for name in ("sealed", "place") if name in talk.seed}
    return replace(asking, seed=seed)


def _may_be_of_it(turn: Turn, heard: Understood) -> bool:
    if number(heard.text) is not None:  # a choice of what was shown before
        return False
    return not heard.small_talk and not turn.work.rules.understanding.calms(heard.text)


def first(message: Message, numbers: str) -> Message:
    """Put the numbers to call before what is said."""
    return replace(message, text=f"{numbers}\n{message.text}", alarm=True) if numbers else message

"""Answer a citizen: in one's own words, from a template or an earlier answer, seen before it is sent."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID

import locales
from domain.answers import Answering, blanks, fill
from domain.cases import Act, NotAllowed, NotNow
from domain.messages import Message, Said
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, words_at_least, words_of
from services.acts import answering
from services.acts.act import act, authorise
from services.acts.answering import Answer, Release, Submit
from services.intake import earlier_answers
from services.saying import approving, arrival
from services.standing import guards, homes
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people import people

_BLANK_LETTERS = 200
_HEAD = 40
"""Letters of an earlier answer that are shown among the choices."""
_NAMED = 5
"""Other cases that are named before one answer goes to all of them."""


def unfit(rules: Answering, text: str) -> str | None:
    """Return the key of the words that say why a text is no answer, if it is none."""
    if len(text) > rules.most:
        return "common.too_long"
    return None if len(text) >= rules.least and rules.said(text) else "answer.lacking"


def _fitting(rules: Answering) -> Accept:
    def accept(said: Said) -> str:
        text: str = words_at_least(1, rules.most)(said)
        if (refusal := unfit(rules, text)) is not None:
            raise NotUnderstood(refusal)
        return text

    return accept


# --- the words ----------------------------------------------------------------------------------


def answer(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Write the answer, see it as the citizen will, and say for which cases it is."""
    text = seed.get("text") or (yield from _first(seed, session))
    text = yield from _seen(text, seed, session)
    others: Mapping[str, int] = seed["alike"]
    if others:
        codes = ", ".join(list(others)[:_NAMED]) + (", …" if len(others) > _NAMED else "")
        labels = {"all": session.say("answer.batch.options.all", count=len(others) + 1)}
        facts = {"count": len(others) + 1, "code": seed["code"], "codes": codes}
        which = yield Ask("batch", options=("one", "all"), labels=labels, facts=facts)
        others = others if which == "all" else {}
    return {"code": seed["code"], "text": text, "files": seed["files"], "others": dict(others)}


def _first(seed: Seed, session: Session) -> Flow[str]:
    """Let something be written, or begun from what there is."""
    rules, code = session.rules.answering, {"code": seed["code"]}
    texts, labels = _offered(seed, session)
    how = "new"
    if texts:
        labels["new"] = session.say("answer.how.options.new")
        how = yield Ask("how", _fitting(rules), ("new", *texts), labels, code)
    if is_free(how):
        return str(words_of(how, {}))
    if how == "new":
        return str((yield Ask("answer", _fitting(rules), facts=code)))
    text = texts[how]
    if not how.startswith("template-"):
        own = yield Ask("again", _fitting(rules), ("send",), facts={"answer": text}, primary="send")
        if is_free(own):
            return str(words_of(own, {}))
    return (yield from _filled(text, rules))


def _offered(seed: Seed, session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts an answer can be begun from, and what each is called, by option."""
    say, texts, labels = session.say, {}, {}
    if seed["returned"]:
        texts["returned"] = seed["returned"]
        labels["returned"] = say("answer.how.options.returned")
    for template in session.rules.answering.templates_for(seed["field"], seed["topic"]):
        option = f"template-{template.code}"
        texts[option] = template.text
        labels[option] = say("answer.how.options.template", name=template.name)
    for number, text in enumerate(seed["earlier"]):
        texts[f"earlier-{number}"] = text
        labels[f"earlier-{number}"] = say("answer.how.options.earlier", text=_head(text))
    return texts, labels


def _head(text: str) -> str:
    return text if len(text) <= _HEAD else text[:_HEAD].rsplit(" ", 1)[0] + "…"


def _filled(text: str, rules: Answering) -> Flow[str]:
    """Ask for what a text leaves open, one blank after the other; what comes of it must be an answer too."""
    for number, blank in enumerate(blanks(text), start=1):
        facts = {"answer": text, "blank": blank}
        words = yield Ask("blank", words_at_least(1, _BLANK_LETTERS), facts=facts, turn=number)
        text = fill(text, blank, words.rstrip(" ."))
    if unfit(rules, text) is not None:
        text = yield Ask("unfit", _fitting(rules), facts={"answer": text})
    return text


def _seen(text: str, seed: Seed, session: Session) -> Flow[str]:
    """Show the answer as the citizen will read it, until it is to be sent."""
    rules = session.rules.answering
    labels = {"send": session.say("answer.preview.submit")} if seed["approve"] else {}
    for turn in count(1):
        facts = _preview(text, seed, session)
        choice = yield Ask("preview", None, ("send", "edit"), labels, facts, turn, primary="send")
        if choice == "send":
            return text
        now = {"code": seed["code"], "answer": text}
        text = yield Ask("answer", _fitting(rules), facts=now, turn=turn + 1)
    raise AssertionError("count never ends")


def _preview(text: str, seed: Seed, session: Session) -> dict[str, str]:
    """Return the answer word for word as it will be told, and who and what else goes with it."""
    facts = {"code": seed["code"], "officer": seed["officer"], "unit": seed["unit"]}
    day = locales.short_day(session.today)
    told = locales.words(seed["language"])("told.answer", answer=text, day=day, **facts)
    files = session.files + len(seed["files"])
    return {
        "answer": told,
        "files": session.say("answer.files", count=files) if files else "",
        "followers": session.say("answer.followers", count=seed["followers"]) if seed["followers"] else "",
        "joined": session.say("answer.joined", codes=seed["joined"]) if seed.get("joined") else "",
        "approve": session.say("answer.approve") if seed["approve"] else "",
    }


# --- what is done with them ---------------------------------------------------------------------


async def answered(turn: Turn, result: dict[str, Any]) -> Message:
    """Give the answer, to each case by itself; a case that has changed meanwhile is left out and named."""
    files, turn.talk.files = [*result["files"], *turn.talk.files], []
    case = await case_of(turn, result["code"])
    reply = await _give(turn, case, result["text"], files)
    if not result["others"]:
        return reply
    await stored.load(turn.work, result["others"])
    also = [
        code
        for code, version in result["others"].items()
        if await _also(turn, code, version, result["text"], files)
    ]
    given, left = [case.code, *also], [code for code in result["others"] if code not in also]
    text = turn.say("answer.done.all", count=len(given), codes=", ".join(given))
    text += turn.say("answer.done.left", codes=", ".join(left)) if left else ""
    return Message(text + arrival.notice(turn.work, case, turn.chat.language))


async def _give(turn: Turn, case: Case, text: str, files: Sequence[str]) -> Message:
    """Answer, or hand the answer to somebody in charge where the case is one of those."""
    by = Actor.of(turn.chat)
    submits, together = answering.way(turn.work, case, by) is Act.SUBMIT, list(case.together)
    await act(turn.work, case, (Submit if submits else Answer)(text, list(files)), by)
    if submits:
        waits = await approving.notice(turn.work, case, turn.chat.language)
        return Message(turn.say("answer.done.submitted", code=case.code) + waits)
    held = arrival.notice(turn.work, case, turn.chat.language)
    also = turn.say("answer.joined_done", codes=", ".join(together)) if together else ""
    return Message(turn.say("answer.done.text", code=case.code) + also + held)


async def _also(turn: Turn, code: str, version: int, text: str, files: Sequence[str]) -> bool:
    """Give another case the same answer; says whether that was possible."""
    case, by = await stored.by_code(turn.work, code), Actor.of(turn.chat)
    if case is None:
        return False
    try:
        await act(turn.work, case, Answer(text, list(files)), by, version=version)
    except (NotAllowed, NotNow):
        return False
    return True


ANSWER = Conversation("answer", answer, answered, files=True)


async def begin_answer(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Answer with what was typed behind the verb, or ask for the words."""
    by = Actor.of(turn.chat)
    what = answering.way(turn.work, case, by)
    authorise(turn.work, case, what, by, version)
    refusal = _refused(turn, case, argument) if argument else None
    waiting = bool(turn.talk.files) and not turn.talk.flow  # files are seen with the words before they go
    if argument and refusal is None and what is Act.ANSWER and not waiting:
        return await _give(turn, case, argument, _gathered(turn, case))
    seed = await _seed(turn, case, by)
    if argument and refusal is None:
        seed["text"] = argument
    return Next(ANSWER, seed, before=turn.say(refusal) if refusal else "")


def _refused(turn: Turn, case: Case, text: str) -> str | None:
    """Return why a text is no answer to this case."""
    refusal = unfit(turn.work.rules.answering, text)
    return refusal if refusal is None or not answering.says_it_is_over(turn.work, case, text) else None


def _gathered(turn: Turn, case: Case) -> list[str]:
    """End the answer that is being written to this case, and return the files that were sent for it."""
    if turn.talk.flow != ANSWER.name or turn.talk.seed.get("code") != case.code:
        return []
    files, turn.talk.files = turn.talk.files, []
    turn.talk.end()
    return files


async def _told(turn: Turn, case: Case, officer: UUID | None) -> dict[str, Any]:
    """Return what a preview needs to know: in whose name the answer is given, and who reads it."""
    citizen = await people.chat(turn.work, case.chat_key)
    return {
        "code": case.code,
        "officer": await people.name_of(turn.work, officer),
        "unit": homes.called(turn.work, case.unit_id, citizen),
        "language": citizen.language,
        "followers": case.followers,
        "joined": ", ".join(case.together),
        "files": [],
        "approve": False,
    }


async def _seed(turn: Turn, case: Case, by: Actor) -> dict[str, Any]:
    returned, files = await earlier_answers.returned(turn.work, case)
    return await _told(turn, case, by.person_id) | {
        "approve": answering.way(turn.work, case, by) is Act.SUBMIT,
        "field": case.field,
        "topic": case.topic,
        "returned": returned,
        "files": files,
        "earlier": await earlier_answers.earlier(turn.work, case),
        "alike": await earlier_answers.alike(turn.work, case, by),
    }


# --- for whoever approves it --------------------------------------------------------------------


def amend(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Write the answer anew for the officer, and see it as the citizen will."""
    text = yield Ask("answer", _fitting(session.rules.answering), facts={"answer": seed["answer"]})
    return {"code": seed["code"], "version": seed["version"], "text": (yield from _seen(text, seed, session))}


async def amended(turn: Turn, result: dict[str, Any]) -> Message:
    """Give the answer in the chief's words."""
    return await _release(turn, await case_of(turn, result["code"]), result["version"], result["text"])


async def _release(turn: Turn, case: Case, version: int | None, text: str) -> Message:
    await act(turn.work, case, Release(text), Actor.of(turn.chat), version=version)
    held = arrival.notice(turn.work, case, turn.chat.language)
    return Message(turn.say("amend.done.text", code=case.code) + held)


AMEND = Conversation("amend", amend, amended)


async def _amend(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Change an answer that waits for approval and give it, in the words typed or asked for."""
    authorise(turn.work, case, Act.RELEASE, Actor.of(turn.chat), version)
    refusal = unfit(turn.work.rules.answering, argument) if argument else None
    if argument and refusal is None:
        return await _release(turn, case, version, argument)
    asked = guards.what_waits(case)
    seed = await _told(turn, case, asked.by)
    seed |= {"answer": asked.answer, "files": list(asked.files), "version": case.version}
    return Next(AMEND, seed, before=turn.say(refusal) if refusal else "")


CONVERSATIONS = (ANSWER, AMEND)
VERBS: dict[str, Verb] = {"answer": begin_answer, "amend": _amend}

"""The one door: a message comes in, an answer or an act comes of it. One message in, one reply out."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import locales
from domain.cases import Refused
from domain.messages import (
    BACK,
    Contact,
    Edited,
    Files,
    Incoming,
    Location,
    Message,
    Moved,
    Presence,
    Said,
    Tap,
    Text,
    Unsupported,
)
from domain.understand.wishes import answer as answered
from handlers.citizen import alarms, bursts, edits, emergency, sealed, sharing, unclear, visit
from handlers.citizen.report import REPORT, take_voice
from handlers.citizen.which_commune import note as note_commune
from handlers.door import (
    barred,
    bounds,
    catalogue,
    danger,
    file_names,
    group,
    menu,
    not_understood,
    presence,
    presses,
    refused,
    verbs,
    wishes,
)
from handlers.door.out_of_the_blue import start as start_intake
from handlers.engine import commands, confidence
from handlers.engine.conversation import Talk, Turn
from handlers.engine.flow import NotUnderstood, Stale, number, typed
from handlers.engine.runner import go_back, hear, is_answer, leave, say, send_now, stays
from services.intake import chats, communes, doubts, drafts, leavings
from services.office import joining
from services.saying import cards
from services.standing.parties import is_official
from storage.cases import cases as stored
from storage.ground.work import REPLY, Work
from storage.people.people import Chat


async def receive(work: Work, incoming: Incoming) -> None:
    """Answer one message: change what must be changed and post the reply, in the work's transaction."""
    if isinstance(incoming.said, Presence | Moved):
        await presence.note(work, incoming)
        return
    if incoming.group:
        await group.receive(work, incoming)
        leavings.leave(work, incoming)
        return
    chat = chats.of(work, incoming)
    with communes.handled(work, chat, incoming.area):
        await _receive(work, incoming, chat)


async def _receive(work: Work, incoming: Incoming, chat: Chat) -> None:
    files = leavings.held(chat.talk) | leavings.sent(incoming.said)
    await joining.end_if_idle(work, chat)
    turn = Turn(
        work, chat, Talk.of(chat), catalogue.CONVERSATIONS, came=incoming.at, heard_before=chat.heard_at
    )
    confidence.leave_if_idle(turn, chat.heard_at)
    chats.hear(work, chat, group=False)
    before = confidence.before(turn)
    half_told, doubted = drafts.words(chat.talk or {}), doubts.is_open(chat.talk)
    said, remark = sharing.parted(turn, bounds.fitting(turn, await file_names.heard(turn, incoming.said)))
    reply = await confidence.close(turn, sharing.together(await _answer(turn, said), remark), before)
    confidence.note_beginning(turn)
    note_commune(turn)
    turn.talk.keep(chat)
    leavings.settle(work, chat, files)
    drafts.wind(work, chat, half_told)
    doubts.wind(work, chat, before=doubted)
    key = f"reply:{incoming.account}:{incoming.external_id}"[:120]
    if reply is not None:
        work.post(chat, reply, key, priority=REPLY)
    elif incoming.message_id and isinstance(incoming.said, _KEPT_SILENTLY):
        work.post(chat, Message("", seen=incoming.message_id), key)


_KEPT_SILENTLY = (Text, Files, Location)
"""What may be kept without a word; where a channel can, it is marked as seen."""


async def _answer(turn: Turn, said: Said) -> Message | None:
    """Let the message be answered, and turn every refusal into words that say what to do instead.

    Whatever refuses does so before it changes anything, so what was done until then may stand.
    """
    try:
        return await _heard(turn, said)
    except NotUnderstood:
        return await not_understood.answer(turn, said)
    except Refused as refusal:
        return await refused.said(turn, refusal)


async def _heard(turn: Turn, said: Said) -> Message | None:
    if (shut_out := await barred.answer(turn, said)) is not None:
        return shut_out
    if bursts.is_too_much(turn, said) and not confidence.is_kept_close(turn):
        kept, reply = await bursts.gather(turn, said)
        if kept:
            return reply
    if isinstance(said, Text) and presses.likes(turn, said):
        said = Unsupported("sticker")
    reply = await _KINDS[type(said)](turn, said)
    return None if turn.small and bursts.is_repeated(turn) else reply


async def _located(turn: Turn, said: Location) -> Message:
    return await say(turn, await sharing.located(turn, said))


async def _called(turn: Turn, said: Contact) -> Message:
    return await say(turn, await sharing.called(turn, said))


async def _unreadable(turn: Turn, said: Unsupported) -> Message | None:
    """Say what to send instead. A sticker alone means well: the question or the marks are shown again."""
    known = locales.has(turn.chat.language, key := f"unsupported.{said.what}")
    liked, words = said.what == "sticker", turn.say(key if known else "unsupported.other")
    if (alarm := await bounds.danger_in(turn, said)) is not None:
        return sharing.together(alarm, words)
    if turn.talk.flow:
        return await hear(turn, None, before="" if liked else words)
    if liked and (unrated := stored.answered_of(turn.work, turn.chat.own)):
        choices = cards.citizen_choices(turn.work, unrated[0], turn.chat.language)
        return Message(turn.say("told.rate_again", code=unrated[0].code), choices)
    return None if liked and turn.chat.menu else Message(words)


async def _text(turn: Turn, said: Text) -> Message | None:
    if (chosen := _of_a_draft(turn, said)) is not None:
        return await _draft(turn, chosen)
    command = await presses.command(turn, said)
    if command is not None and command.name in commands.HUSHED:  # before anything that might keep it
        return await _choose(turn, command.name, command.text)
    if (pressed := presses.by_words(turn, said)) is not None:
        return await _tap(turn, Tap(pressed))
    if turn.talk.flow and await is_answer(turn, said):
        command = None
    # Officials write of fires in their answers; out of the blue they may be the ones who see one.
    if not is_official(turn.work, turn.chat) or (command is None and not turn.talk.flow):
        first = await _first_of_all(turn, said, command)
        if first is not None:
            return first
    if command is not None:
        reply = await _command(turn, command, said)
        reply = reply if reply is not None else await wishes.take(turn, said)
        if reply is not None:
            return reply
    return await _words(turn, said)


async def _first_of_all(turn: Turn, said: Text, command: commands.Command | None) -> Message | None:
    """Answer danger; then what is wanted of the desk itself; then what may be danger."""
    alarm = None if await presses.ends_alarm(turn, said) else await danger.alarm(turn, said)
    if alarm is not None or command is not None:
        return alarm
    wished = None if await alarms.is_awaited(turn, said.text) else await wishes.take(turn, said)
    return wished if wished is not None else await danger.doubt(turn, said)


async def _words(turn: Turn, said: Text) -> Message | None:
    """Take words that are no command: as a number of the latest menu, as an answer, or as a story."""
    place = number(said.text)
    shown = turn.chat.menu[place - 1] if place is not None and 0 < place <= len(turn.chat.menu) else ""
    of_the_question = bool(turn.talk.flow) and (shown == BACK or shown.startswith("pick:"))
    if place is not None and (news := presses.of_news(turn, place)):
        return await _tap(turn, Tap(news))
    twice = presses.is_second(turn, place, shown)
    if shown and not of_the_question:  # a menu or a list was asked for in the middle of a question
        return None if twice else await _tap(turn, Tap(shown))
    if turn.talk.flow:
        if stays(turn, said):
            return await leave(turn)
        if turn.talk.flow == REPORT.name and (told := await alarms.told_beside(turn, said.text)):
            return await hear(turn, None, before=told)
        return await danger.answered(turn, said)
    return await say(turn, await start_intake(turn, said))


async def _tap(turn: Turn, said: Tap) -> Message | None:
    if said.action == BACK:
        return await _back(turn)
    if said.action.startswith("pick:"):
        if not turn.talk.flow:
            raise Stale(said.action)
        return await hear(turn, said)
    if said.action.startswith(drafts.PREFIX):
        return await _draft(turn, said.action)
    if said.action.startswith("menu:"):
        return await _choose(turn, said.action.removeprefix("menu:"), "")
    confidence.leave(turn)
    return await verbs.tap(turn, said.action)


async def _choose(turn: Turn, option: str, text: str) -> Message:
    """Begin something else: what is open in confidence is over, and somebody who chooses has understood."""
    confidence.leave(turn)
    turn.talk.misses = 0
    return await menu.choose(turn, option, text)


async def _files(turn: Turn, said: Files) -> Message | None:
    """Keep the files: with the open draft, with the case they belong to, or until the story comes."""
    if (handled := await _in_confidence(turn, said)) is not None:
        return handled
    caption = Text(typed(said)) if typed(said) else None
    alarm = await danger.alarm(turn, said) if not is_official(turn.work, turn.chat) else None
    if (first := alarm or await _hidden(turn, said) or await danger.doubt(turn, said)) is not None:
        return first
    if not turn.talk.flow:
        return await say(turn, await start_intake(turn, said))
    if not turn.conversation.files:
        return await hear(turn, caption, before=turn.say("common.files_not_here"))
    turn.talk.files += [file.id for file in said.files]
    if take_voice(turn, said):
        return await hear(turn, None, before=turn.say("report.voice_kept"))
    has_own = locales.has(turn.chat.language, own := f"{turn.talk.flow}.files_kept")
    kept = turn.say(own if has_own else "common.files_kept", count=len(turn.talk.files))
    return await hear(turn, caption, before=kept)


async def _hidden(turn: Turn, said: Files) -> Message | None:
    """Go the sealed way where the words under files ask for it; the files go with them."""
    if (hidden := await wishes.unnamed(turn, typed(said))) is None:
        return None
    turn.talk.files += [file.id for file in said.files if not file.traced]
    reply = await say(turn, hidden)
    tells = any(file.traced for file in said.files)
    return sharing.together(reply, turn.say("sealed.file_tells")) if tells else reply


async def _in_confidence(turn: Turn, said: Files) -> Message | None:
    """Put files under a secret with its case; None where nothing forbids to hear them as usual."""
    secret = commands.holds_secret(typed(said))
    clean = tuple(file for file in said.files if not file.traced)
    if (secret or confidence.is_kept_close(turn)) and len(clean) < len(said.files):
        return await _telling(turn, replace(said, files=clean))
    if not secret:
        return None
    confidence.leave(turn)
    turn.talk.misses = 0
    return await say(turn, await visit.with_files(turn, typed(said), [file.id for file in clean]))


async def _telling(turn: Turn, said: Files) -> Message | None:
    """Leave out of what is told in confidence the files that may tell who made them, and say so."""
    remark, heard = turn.say("sealed.file_tells"), said if said.files else Text(typed(said))
    if said.files or typed(said):
        return sharing.together(await _KINDS[type(heard)](turn, heard), remark)
    return await hear(turn, None, before=remark) if turn.talk.flow else Message(remark)


async def _edited(turn: Turn, said: Edited) -> Message | None:
    """Take a secret that was put into an earlier message as if it were said; else as what it corrects."""
    if commands.holds_secret(said.text):
        return await _text(turn, Text(said.text))
    return await edits.take(turn, said)


async def _command(turn: Turn, command: commands.Command, said: Text) -> Message | None:
    """Do what a keyword or a typed verb says; None where the words mean something else at this moment."""
    if command.code:
        confidence.leave(turn)
        held = await wishes.holder(turn, said.text)
        return held if held is not None else await verbs.typed(turn, command)
    name = command.name
    if name == "stop" and commands.may_mean_yes(said.text) and _is_asked(turn):
        name = "yes"
    if name == "give_up" and sealed.repeats_drop(turn, said.text):
        return await hear(turn, None, before=turn.say("sealed.drops_all"))
    if name == "stop" and await emergency.pressing(turn) is not None:  # whoever called for help is told on
        return Message(turn.say("stop.alarm"))
    if name in _IN_TALK:
        return await _IN_TALK[name](turn)
    if not menu.may(turn, name):
        return await menu.not_yours(turn, name)  # “việc của tôi” is how a citizen may begin to tell something
    calls = name == "help" and not turn.talk.flow and not is_official(turn.work, turn.chat)
    reply = await _choose(turn, name, command.text)
    return unclear.first(reply, emergency.numbers(turn, typed(said))) if calls else reply


def _is_asked(turn: Turn) -> bool:
    return bool(turn.talk.flow or stored.asked_of(turn.work, turn.chat.own))


async def _yes(turn: Turn) -> Message | None:
    """Take “yes” as “send” where that is offered, else as an answer; out of the blue it asks for nothing."""
    if turn.talk.flow:
        return await send_now(turn)
    return None if _is_asked(turn) else Message(turn.say("hello.thanks"))


def _is_open(turn: Turn) -> bool:
    """Say whether something is open; a draft that gave way to an emergency is taken up for it."""
    if not turn.talk.flow:
        turn.talk.take_up()
    return bool(turn.talk.flow)


async def _send(turn: Turn) -> Message:
    if not _is_open(turn):
        return Message(turn.say("common.nothing_to_send"))
    return await send_now(turn) or await hear(turn, None, before=turn.say("common.choose"))


async def _cancel(turn: Turn) -> Message:
    """Drop what is open; else ask whether an alarm is over, or what was just sent is to be withdrawn."""
    if not turn.talk.flow and (alarm := await emergency.asked_to_end(turn)) is not None:
        return alarm  # before the draft that waits for it: it is not that which rings
    if _is_open(turn):
        return await leave(turn)
    sent = await wishes.taken_back(turn)
    return menu.nothing_to_cancel(turn) if sent is None else await say(turn, sent)


async def _give_up(turn: Turn) -> Message | None:
    """Take “never mind” as “cancel” of what is being told, of an alarm, or of what was just sent."""
    return await leave(turn) if turn.talk.flow else await wishes.let_go(turn)


async def _go_on(turn: Turn) -> Message:
    return await hear(turn, None) if _is_open(turn) else menu.nothing_to_cancel(turn)


def _of_a_draft(turn: Turn, said: Text) -> str | None:
    """Return what a number means that answers our question about the draft, not the draft's own question.

    Whether it is to be dropped is answered by yes and no too, and neither sends it.
    """
    place, actions = number(said.text), turn.chat.menu
    if actions == drafts.LETTING_GO and (meant := answered(said.text)) in {"yes", "no"}:
        return actions[0] if meant == "yes" else actions[1]
    asked = place is not None and 0 < place <= len(actions) and actions[place - 1].startswith(drafts.PREFIX)
    return actions[place - 1] if asked and place else None


async def _draft(turn: Turn, action: str) -> Message | None:
    """Send the draft, go on with it or drop it, wherever the conversation has gone meanwhile.

    Raises Stale for an answer that is none of these.
    """
    what = action.removeprefix(drafts.PREFIX)
    if what not in drafts.ANSWERS:
        raise Stale(action)
    turn.talk.take_up()
    turn.chat.menu = []
    if what == "send" and turn.talk.flow:
        return await send_now(turn) or await hear(turn, None, before=turn.say("draft.missing"))
    return await _IN_TALK[what](turn)


async def _back(turn: Turn) -> Message:
    return await go_back(turn) if turn.talk.flow else menu.show(turn)


_IN_TALK: dict[str, Callable[[Turn], Awaitable[Message | None]]] = {
    "back": _back,
    "send": _send,
    "go_on": _go_on,
    "cancel": _cancel,
    "give_up": _give_up,
    "drop": wishes.let_go,
    "yes": _yes,
}

_KINDS: dict[type[Said], Callable[[Turn, Any], Awaitable[Message | None]]] = {
    Unsupported: _unreadable,
    Text: _text,
    Tap: _tap,
    Files: _files,
    Location: _located,
    Contact: _called,
    Edited: _edited,
}

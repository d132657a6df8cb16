"""The one door: a message comes in, an answer or an act comes of it. One message in, one reply out."""

from collections.abc import Awaitable, Callable

from domain.cases import NotAllowed, NotNow
from domain.messages import BACK, Files, Incoming, Message, Said, Tap, Text, Unsupported
from handlers import catalogue, commands, emergency, lost, menu, verbs
from handlers.citizen.intake import start as start_intake
from handlers.conversation import Talk, Turn
from handlers.flow import NotUnderstood, Stale, number, typed
from handlers.runner import go_back, hear, leave, picks, say, send_now
from services.refusals import AlreadyAsked, NothingAsked, OwnRequest, StaleVersion, TooLate
from services.who import is_official
from storage import cases as stored
from storage import people
from storage.work import REPLY, Work


async def receive(work: Work, incoming: Incoming) -> None:
    """Answer one message: change what must be changed and post the reply, in the work's transaction."""
    chat = people.open_chat(work, incoming.account, incoming.chat, incoming.address)
    chat.heard_at = work.now
    chat.blocked_at = None
    turn = Turn(work, chat, Talk.of(chat))
    reply = await _answer(turn, incoming.said)
    turn.talk.keep(chat)
    if reply is not None:
        key = f"reply:{incoming.account}:{incoming.external_id}"
        work.post(chat, reply, key[:120], priority=REPLY)


_REFUSALS: dict[type[Exception], str] = {
    OwnRequest: "refused.own_request",
    NotAllowed: "refused.not_allowed",
    AlreadyAsked: "refused.already_asked",
    NothingAsked: "refused.nothing_asked",
    TooLate: "refused.too_late",
    Stale: "common.stale_no_question",
}


async def _answer(turn: Turn, said: Said) -> Message | None:
    """Let the message be answered, and turn every refusal into words that say what to do instead.

    Whatever refuses does so before it changes anything, so what was done until then may stand.
    """
    try:
        return await _heard(turn, said)
    except NotUnderstood:
        return await lost.answer(turn, said)
    except StaleVersion:
        return await verbs.changed_meanwhile(turn)
    except tuple(_REFUSALS) as refusal:
        days = turn.work.rules.patience.reopen_within.days
        return Message(turn.say(_REFUSALS[type(refusal)], code=verbs.code_spoken_of(turn), days=days))
    except NotNow:
        return await verbs.not_now(turn)


async def _heard(turn: Turn, said: Said) -> Message | None:
    if isinstance(said, Unsupported):
        return Message(turn.say(f"unsupported.{said.what}"))
    if isinstance(said, Text):
        return await _text(turn, said)
    if isinstance(said, Tap):
        return await _tap(turn, said)
    return await _files(turn, said)


async def _text(turn: Turn, said: Text) -> Message | None:
    command = commands.read(said.text)
    if turn.talk.flow and picks(turn, said):
        command = None
    # Officials write of fires in their answers; out of the blue they may be the ones who see one.
    if not is_official(turn.work, turn.chat) or (command is None and not turn.talk.flow):
        alarm = await emergency.answer(turn, said)
        if alarm is not None:
            return alarm
    if command is not None and (reply := await _command(turn, command, said)) is not None:
        return reply
    if turn.talk.flow:
        return await hear(turn, said)
    place = number(said.text)
    if place is not None and 0 < place <= len(turn.chat.menu):
        return await _tap(turn, Tap(turn.chat.menu[place - 1]))
    return await say(turn, await start_intake(turn, said))


async def _tap(turn: Turn, said: Tap) -> Message | None:
    if said.action == BACK:
        return await _back(turn)
    if said.action.startswith("pick:"):
        if not turn.talk.flow:
            raise Stale(said.action)
        return await hear(turn, said)
    if said.action.startswith("menu:"):
        return await menu.choose(turn, said.action.removeprefix("menu:"))
    return await verbs.tap(turn, said.action)


async def _files(turn: Turn, said: Files) -> Message | None:
    """Keep the files: with the open draft, with the case they belong to, or until the story comes."""
    caption = Text(typed(said)) if typed(said) else None
    alarm = await emergency.answer(turn, said) if not is_official(turn.work, turn.chat) else None
    if alarm is not None:
        return alarm
    if not turn.talk.flow:
        return await say(turn, await start_intake(turn, said))
    if not catalogue.find(turn.talk.flow).files:
        return await hear(turn, caption, before=turn.say("common.files_not_here"))
    turn.talk.files += [file.id for file in said.files]
    return await hear(turn, caption, before=turn.say("common.files_kept", count=len(turn.talk.files)))


async def _command(turn: Turn, command: commands.Command, said: Text) -> Message | None:
    """Do what a keyword or a typed verb says; None where the words mean something else at this moment."""
    if command.code:
        return await verbs.typed(turn, command)
    name = command.name
    if name == "stop" and commands.may_mean_yes(said.text) and _is_asked(turn):
        name = "yes"
    if name in _IN_TALK:
        return await _IN_TALK[name](turn)
    if name in _OFFICIALS_ONLY and not is_official(turn.work, turn.chat):
        return None
    return await menu.choose(turn, name, command.text)


_OFFICIALS_ONLY = frozenset({"mine", "late"})


def _is_asked(turn: Turn) -> bool:
    return bool(turn.talk.flow or stored.asked_of(turn.work, turn.chat.key))


async def _yes(turn: Turn) -> Message | None:
    """Take “yes” as “send” where that is offered, else as an answer; out of the blue it asks for nothing."""
    if turn.talk.flow:
        return await send_now(turn)
    return None if _is_asked(turn) else Message(turn.say("hello.thanks"))


async def _send(turn: Turn) -> Message:
    if not turn.talk.flow:
        return Message(turn.say("common.nothing_to_send"))
    return await send_now(turn) or await hear(turn, None, before=turn.say("common.choose"))


async def _cancel(turn: Turn) -> Message:
    return await leave(turn) if turn.talk.flow else menu.nothing_to_cancel(turn)


async def _back(turn: Turn) -> Message:
    return await go_back(turn) if turn.talk.flow else menu.show(turn)


_IN_TALK: dict[str, Callable[[Turn], Awaitable[Message | None]]] = {
    "back": _back,
    "send": _send,
    "cancel": _cancel,
    "yes": _yes,
}

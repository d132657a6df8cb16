"""The one door: a message comes in, an answer or an act comes of it. One message in, one reply out."""

from collections.abc import Iterable
from dataclasses import replace

from domain.cases import NotAllowed, NotNow
from domain.messages import BACK, Files, Incoming, Message, Said, Tap, Text, Unsupported
from handlers import commands, emergency, lost, menu, verbs
from handlers.citizen.intake import start as start_intake
from handlers.conversation import Talk, Turn
from handlers.flow import NotUnderstood, Stale, typed
from handlers.runner import go_back, hear, send_now
from services.cases import OwnRequest, StaleVersion
from services.who import is_official
from storage import cases as stored
from storage import people
from storage.work import REPLY, Work


async def prefetch(work: Work, incoming: Iterable[Incoming]) -> None:
    """Read what a batch of messages will touch, in a fixed number of statements."""
    messages = list(incoming)
    await people.load_chats(work, [message.chat for message in messages])
    await stored.load_asked(work, [message.chat for message in messages])
    codes = [code for message in messages if (code := _code_in(message.said))]
    codes += [code for chat in work.chats.values() if (code := (chat.talk or {}).get("last_case"))]
    if codes:
        await stored.load(work, codes)


def _code_in(said: Said) -> str | None:
    if isinstance(said, Tap):
        return verbs.code_of(said.action)
    command = commands.read(said.text) if isinstance(said, Text) else None
    return command.code if command else None


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
    OwnRequest: "official.own_request",
    NotAllowed: "official.not_allowed",
    Stale: "common.stale_no_question",
}


async def _answer(turn: Turn, said: Said) -> Message | None:
    """Let the message be answered, and turn every refusal into words that say what to do instead."""
    try:
        return await _heard(turn, said)
    except StaleVersion:
        return await verbs.changed_meanwhile(turn, said)
    except NotNow:
        return await verbs.not_now(turn, said)
    except NotUnderstood:
        return await lost.answer(turn, said)
    except tuple(_REFUSALS) as refusal:
        return Message(turn.say(_REFUSALS[type(refusal)]))


async def _heard(turn: Turn, said: Said) -> Message | None:
    if isinstance(said, Unsupported):
        return Message(turn.say(f"unsupported.{said.what}"))
    if isinstance(said, Text):
        return await _text(turn, said)
    if isinstance(said, Tap):
        return await _tap(turn, said)
    return await _files(turn, said)


async def _text(turn: Turn, said: Text) -> Message | None:
    if not is_official(turn.work, turn.chat):
        alarm = await emergency.answer(turn, said)
        if alarm is not None:
            return alarm
    command = commands.read(said.text)
    if command is not None:
        return await _command(turn, command, said)
    digit = said.text.strip(" .)")
    if not turn.talk.flow and digit.isdecimal() and 0 < int(digit[:3]) <= len(turn.chat.menu):
        return await _tap(turn, Tap(turn.chat.menu[int(digit) - 1]))
    if turn.talk.flow:
        return await hear(turn, said)
    return await start_intake(turn, said)


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
    ids = [file.id for file in said.files]
    if turn.talk.flow == "report":
        turn.talk.files += ids
        before = turn.say("common.files_kept", count=len(turn.talk.files))
        return await hear(turn, Text(said.caption) if typed(said) else None, before=before)
    return await start_intake(turn, said)


async def _command(turn: Turn, command: commands.Command, said: Text) -> Message | None:
    match command.name:
        case "back":
            return await _back(turn)
        case "send":
            return await send_now(turn)
        case "cancel":
            return menu.cancel(turn)
    if command.code:
        return await verbs.typed(turn, command)
    return await menu.choose(turn, command.name, replace(command, text=command.text or said.text).text)


async def _back(turn: Turn) -> Message | None:
    if not turn.talk.flow:
        return menu.show(turn)
    return await go_back(turn)

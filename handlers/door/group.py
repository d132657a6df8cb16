"""Groups, where many read along: a code, a field, a state and a date, and never a word of what people said.

The desk is silent unless it is spoken to by a command, a case's code or a button. What would ask or show
anything more goes on in the private chat of whoever asked.
"""

from dataclasses import dataclass, replace

import locales
from domain.cases import NotAllowed, NotNow
from domain.messages import Files, Incoming, Message, Tap, Text
from handlers.citizen import emergency
from handlers.door import verbs
from handlers.door.catalogue import CONVERSATIONS
from handlers.engine import commands
from handlers.engine.commands import Command
from handlers.engine.conversation import Reply, Talk, Turn
from handlers.engine.flow import NotUnderstood, Stale, typed
from handlers.officer.groups import asked, tie
from services.acts import barring, hearing
from services.intake import chats, communes, leavings, sealed
from services.office import joining, linking
from services.saying import cards, groups
from services.standing.parties import is_official
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import REPLY, Work
from storage.mail import outbox
from storage.people import people
from storage.people.people import Chat

_TALK = frozenset({"back", "cancel", "send", "yes", "stop", "resume", "hello"})
"""Keywords that are everyday words among people; in a group they are not meant for the desk."""


@dataclass
class Group:
    """One message in a group: the group's chat and talk, and the private chat of who spoke, if known."""

    work: Work
    chat: Chat
    talk: Talk
    incoming: Incoming
    speaker: Chat | None

    @property
    def say(self) -> locales.Words:
        """The words of the group's language."""
        return locales.words(self.chat.language)

    def aside(self, message: Message) -> None:
        """Tell whoever spoke something that the group must not read."""
        if self.speaker is not None:
            key = f"aside:{self.incoming.account}:{self.incoming.external_id}"
            self.work.post(self.speaker, message, key[:120])


async def receive(work: Work, incoming: Incoming) -> None:
    """Answer what is said to the desk in a group, in the work's transaction; to all else it is silent."""
    chat = chats.of(work, incoming)
    chats.hear(work, chat, group=True)
    with communes.handled(work, chat):
        await _receive(work, incoming, chat)


async def _receive(work: Work, incoming: Incoming, chat: Chat) -> None:
    key = work.keyring.blind("chat", incoming.account, incoming.speaker)
    await people.load_chats(work, [key])
    group = Group(work, chat, Talk.of(chat), incoming, work.chats.get(key))
    reply = await _answer(group)
    group.talk.keep(chat)
    if reply is not None:
        if reply.card:  # it is what the card says now, once
            work.posts[:] = [p for p in work.posts if (p.lane, p.message.card) != (chat.key, reply.card)]
        post = f"reply:{incoming.account}:{incoming.external_id}"
        work.post(chat, reply, post[:120], priority=REPLY)


async def _answer(group: Group) -> Message | None:
    said = group.incoming.said
    if isinstance(said, Tap):
        return await _tapped(group, said.action)
    return await _said(group, said) if isinstance(said, Text | Files) else None


async def _said(group: Group, said: Text | Files) -> Message | None:
    if group.speaker is not None and barring.last_day(group.work, group.speaker) is not None:
        return await _danger(group, said)
    tying = asked(said.text) if isinstance(said, Text) else None
    if tying is not None:
        return tie(group.work, group.chat, group.talk, group.speaker, on=tying)
    if commands.holds_secret(typed(said)):
        return await _exposed(group, said)
    command = commands.read(said.text) if isinstance(said, Text) else None
    official = group.speaker is not None and is_official(group.work, group.speaker)
    if command is None or not official:
        alarm = await _danger(group, said)
        if alarm is not None:
            return alarm
    if command is not None:
        return await _commanded(group, command)
    return _story(group, typed(said))


async def _exposed(group: Group, said: Text | Files) -> Message:
    """Warn that a secret was shown to all, and keep nothing of it; who is in danger is told whom to call."""
    allowed = group.work.rules.secrecy
    await sealed.forget(group.work, group.chat, group.incoming.at or group.work.now, allowed.open_for)
    group.aside(Message(group.say("group.secret_aside"), once=True))
    heard = group.work.rules.understanding.read(typed(said))
    turn = Turn(group.work, group.chat, Talk(), CONVERSATIONS)
    numbers = emergency.calls(turn, heard.emergency) if heard.emergency else ""
    return Message(f"{numbers}\n{group.say('group.secret')}".strip())


async def _tapped(group: Group, action: str) -> Message:
    try:
        name, code, version, argument = verbs.read(action)
    except Stale:
        return Message(group.say("group.private"))
    drawn = await _verb(group, name, code, version, argument)
    stands = bool(drawn.card) and await outbox.has_card(group.work, group.chat.key, drawn.card)
    return replace(drawn, redraw=stands)


async def _commanded(group: Group, command: Command) -> Message | None:
    if command.code:
        drawn = await _verb(group, command.name, command.code, None, command.text)
        return replace(drawn, card="")  # whoever types it looks here, not at the card above
    if command.name in _TALK:
        return None
    if command.name == "invite":
        await joining.void(group.work, command.text)
        return Message(group.say("group.invite"))
    if command.name == "pair":
        await linking.void(group.work, command.text)
        return Message(group.say("group.pair"))
    if command.name == "no_code":
        return Message(group.say("group.unknown"))
    return Message(group.say("group.private"))


async def _verb(group: Group, name: str, code: str, version: int | None, argument: str) -> Message:
    """Do a verb as whoever spoke. The group sees how the case stands now; the words about it go aside."""
    case = await stored.by_code(group.work, code)
    if case is None or not await _is_known(group, case):
        return Message(group.say("group.unknown"))
    if name == "show":
        return _card(group, case)
    if group.speaker is None:
        return Message(group.say("group.not_yours"))
    try:
        reply = await _begun(
            Turn(group.work, group.speaker, Talk(), CONVERSATIONS), name, case, version, argument
        )
    except NotAllowed:
        return Message(group.say("group.not_yours"))
    except (NotNow, Stale, NotUnderstood):
        return _card(group, case)
    return _went_on(group, name, case, reply)


async def _is_known(group: Group, case: Case) -> bool:
    """Say whether groups may know that there is such a case, or could until words closed it."""
    return not groups.is_kept_from_all(case) or await hearing.known_before(group.work, case, None)


async def _begun(turn: Turn, name: str, case: Case, version: int | None, argument: str) -> Reply:
    """Do a verb; about a case that words have closed it is answered as about any that was handed on."""
    if groups.is_kept_from_all(case):
        return await verbs.left(turn, name, case, version, argument)
    return await verbs.begin(turn, name, case, version, argument)


def _went_on(group: Group, name: str, case: Case, reply: Reply) -> Message:
    """Show the case as it is after a verb; where the verb asks more, it is begun anew in private."""
    if isinstance(reply, Message):
        group.aside(reply)
        return _card(group, case)
    language = group.speaker.language if group.speaker is not None else group.chat.language
    known = locales.has(language, f"act.{name}")
    choices = cards.buttons(case, language, (name,)) if known else cards.buttons(case, language, ("show",))
    group.aside(Message(locales.words(language)("group.go_on", code=case.code), choices))
    return Message(group.say("group.asked_aside", code=case.code))


def _card(group: Group, case: Case) -> Message:
    """Draw the case; in a group of its unit it stands on one card, which changes in its place."""
    drawn = groups.card(group.work, case, group.chat.language)
    return replace(drawn, card=case.code) if groups.shown_in(case, group.chat) else drawn


def _story(group: Group, text: str) -> Message | None:
    """Ask those who begin to tell something to write alone, once a day; what they told is not kept."""
    today = group.work.today.isoformat()
    heard = group.work.rules.understanding.read(text)
    told = heard.story and (heard.sure or (heard.place is not None and heard.place.hamlet))
    if not told or group.talk.invited == today:
        return None
    group.talk.invited = today
    return Message(group.say("group.alone"))


async def _danger(group: Group, said: Text | Files) -> Message | None:
    """Show the numbers to call, and open a case in the private chat of whoever spoke: nobody may be missed.

    What is said of danger soon after, by whomever, is added to that case.
    """
    heard = group.work.rules.understanding.read(typed(said))
    if not heard.emergency:
        return None
    turn = Turn(group.work, _witness(group), group.talk, CONVERSATIONS)
    if isinstance(said, Files):
        files = [file.id for file in said.files]
        await leavings.hand_over(group.work, files, group.chat, turn.chat)
    told = await emergency.answer(turn, said)
    if told is not None and group.speaker is turn.chat:
        group.aside(told)
    numbers = emergency.calls(turn, heard.emergency)
    case = await stored.by_code(group.work, group.talk.emergency) if group.talk.emergency else None
    duty = emergency.duty(turn, case)
    return Message(group.say("group.danger", numbers=numbers, duty=duty and f"{duty}\n"))


def _witness(group: Group) -> Chat:
    """Return the chat of who speaks of danger: whoever sees what another told of first is a witness of it."""
    if group.speaker is None:
        key = group.work.keyring.blind("chat", group.incoming.account, group.incoming.speaker)
        group.speaker = chats.of_speaker(group.work, group.incoming, key)
    return group.speaker

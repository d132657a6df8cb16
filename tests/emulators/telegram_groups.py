"""Groups of every kind, their members and topics, and channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram.constants import ForumIconColor

from tests.emulators.telegram_contract import Json, Refused, bad
from tests.emulators.telegram_people import BANNED, MEMBER, Hand
from tests.emulators.telegram_places import Place, Shown

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramServer

ANONYMOUS: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
RIGHTS = (
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
)


@dataclass
class Topic:
    """A topic of a forum."""

    name: str
    closed: bool = False
    colour: int = int(ForumIconColor.BLUE)


class Group(Place):
    """A group (`kind` group or supergroup); a forum has `topics`, by the id of their first message."""

    def __init__(
        self, server: TelegramServer, number: int, title: str, kind: str, *, forum: bool = False
    ) -> None:
        super().__init__(server, number)
        self.title = title
        self.kind = kind
        self.forum = forum
        self.bot: Json = MEMBER
        """What the bot is here: a ChatMember without its user."""
        self.topics: dict[int, Topic] = {}
        self.members: dict[int, Hand] = {}
        self.moved_to: Group | None = None

    @property
    def place(self) -> Json:
        """The chat, as messages name it."""
        return {"id": self.id, "type": self.kind, "title": self.title} | (
            {"is_forum": True} if self.forum else {}
        )

    def member(self, number: int, name: str = "Hoa") -> Hand:
        """Return somebody who writes here."""
        user = {"id": number, "is_bot": False, "first_name": name, "language_code": "vi"}
        return self.members.setdefault(number, Hand(self._server, self, user))

    def anonymous(self) -> Hand:
        """Return an administrator who writes in the group's name."""
        return Hand(self._server, self, ANONYMOUS, sender_chat=self.place)

    # --- the bot's place in it -------------------------------------------------------------------------

    def kick_bot(self, by: Hand | None = None) -> int:
        """Throw the bot out."""
        self.closed = f"bot was kicked from the {self.kind} chat"
        return self._becomes(BANNED, by)

    def remove_bot(self, by: Hand | None = None) -> int:
        """Take the bot out without a ban."""
        self.closed = f"bot is not a member of the {self.kind} chat"
        return self._becomes({"status": "left"}, by)

    def add_bot(self, by: Hand | None = None) -> int:
        """Bring the bot in, again or for the first time: its new standing, then the service message."""
        self.closed = ""
        update = self._becomes(MEMBER, by)
        (by or self.member(1)).post(new_chat_members=[self._server.me])
        return update

    def promote_bot(self, by: Hand | None = None, **rights: bool) -> int:
        """Make the bot an administrator, with all rights but those given as False."""
        all_rights = dict.fromkeys((*RIGHTS, *(["can_manage_topics"] if self.forum else [])), True)
        head = {
            "status": "administrator",
            "can_be_edited": False,
            "is_anonymous": False,
            "can_manage_chat": True,
        }
        return self._becomes(head | all_rights | rights, by)

    def demote_bot(self, by: Hand | None = None) -> int:
        """Make the bot an ordinary member."""
        return self._becomes(MEMBER, by)

    def delete(self) -> None:
        """Delete the group."""
        self.closed = f"the {self.kind} chat was deleted"

    def migrate(self, number: int | None = None, *, by: Hand | None = None) -> Group:
        """Turn the group into a supergroup: both chats are told, and calls to the old one refused."""
        new = self._server.supergroup(number or -1_000_000_000_000 + self.id, self.title)
        new.bot = self.bot
        new.members = {n: Hand(self._server, new, hand.user) for n, hand in self.members.items()}
        user = (by or self.anonymous()).user
        sender = {"from": user} | ({"sender_chat": new.place} if user is ANONYMOUS else {})
        moved = self.add(mine=True, content={"migrate_to_chat_id": new.id}, sender=sender)
        self._server.emit({"message": self.render(moved)}, self.id)
        came = new.add(mine=True, content={"migrate_from_chat_id": self.id}, sender=sender)
        self._server.emit({"message": new.render(came)}, new.id)
        self.moved_to = new
        return new

    def _becomes(self, now: Json, by: Hand | None) -> int:
        was, self.bot = self.bot, now
        return self.tell_membership((by or self.member(1)).user, was, now)

    # --- topics ------------------------------------------------------------------------------------------

    def topic_open(self, name: str, by: Hand | None = None) -> int:
        """Open a topic as a member does; returns its id."""
        first = {"name": name, "icon_color": int(ForumIconColor.BLUE)}
        (by or self.member(1)).post(forum_topic_created=first)
        self.topics[self.messages[-1].id] = Topic(name)
        return self.messages[-1].id

    def topic_close(self, thread: int, by: Hand | None = None) -> int:
        """Close a topic as an administrator does."""
        self.topics[thread].closed = True
        return (by or self.member(1)).post(thread=thread, forum_topic_closed={})

    def topic_reopen(self, thread: int, by: Hand | None = None) -> int:
        """Open a topic again as an administrator does."""
        self.topics[thread].closed = False
        return (by or self.member(1)).post(thread=thread, forum_topic_reopened={})

    def topic_rename(self, thread: int, name: str, by: Hand | None = None) -> int:
        """Give a topic another name as an administrator does."""
        self.topics[thread].name = name
        return (by or self.member(1)).post(thread=thread, forum_topic_edited={"name": name})

    def topic_delete(self, thread: int) -> None:
        """Delete a topic and all that is written in it; the bot is not told."""
        del self.topics[thread]
        for shown in [m for m in self.messages if thread in {m.id, m.thread}]:
            self.remove(shown)

    # --- the server's rules ------------------------------------------------------------------------------

    def can(self, right: str) -> bool:
        """Say whether the bot is an administrator with a right."""
        return bool(self.bot.get(right))

    def admit(self, given: Json) -> None:
        """Let the bot write here, in a topic that is there. Raises what the server answers."""
        if self.moved_to is not None:
            words = "group chat was upgraded to a supergroup chat"
            raise Refused(400, f"Bad Request: {words}", migrate_to_chat_id=self.moved_to.id)
        if self.closed:
            raise Refused(403, f"Forbidden: {self.closed}")
        if (thread := given.get("message_thread_id")) is None:
            return
        if thread not in self.topics:
            raise bad("message thread not found")
        if self.topics[thread].closed and not self.can("can_manage_topics"):
            raise bad("TOPIC_CLOSED")

    def may_react(self) -> bool:
        """Only administrators are told of reactions."""
        return str(self.bot["status"]) == "administrator"

    def hears(self, shown: Shown) -> bool:
        """With privacy on, the bot is told what is meant for it, and service messages."""
        if self.closed or self.moved_to is not None:
            return False
        if self.bot["status"] == "administrator" or not self._server.privacy or self._is_service(shown):
            return True
        answered = self.shown(shown.reply_to or 0)
        name, command = f"@{self._server.me['username']}", shown.text.partition(" ")[0]
        meant = command.startswith("/") and ("@" not in command or command.endswith(name))
        return meant or name in shown.text or (answered is not None and not answered.mine)

    @staticmethod
    def _is_service(shown: Shown) -> bool:
        return shown.kind.startswith(
            ("new_chat", "left_chat", "forum_topic", "migrate", "group_chat", "pinned")
        )


class Channel(Group):
    """A channel the bot is an administrator of: what is written there are channel posts."""

    update = "channel_post"

    def __init__(self, server: TelegramServer, number: int, title: str) -> None:
        super().__init__(server, number, title, "channel")
        self.bot = {"status": "administrator"}
        self._hand = Hand(server, self, {})
        self._hand._sender = {"sender_chat": self.place}

    def say(self, text: str) -> int:
        """Post words."""
        return self._hand.say(text)

    def post(self, **content: Any) -> int:  # noqa: ANN401 - any kind of message
        """Post anything."""
        return self._hand.post(**content)

    def edit(self, message_id: int, text: str) -> int:
        """Put other words in a post."""
        return self._hand.edit(message_id, text)

    def bot_as_sender(self) -> Json:
        """In a channel the channel speaks."""
        return {"sender_chat": self.place}

"""What the bot arranges and asks: updates, files, commands, chats, members and topics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.constants import BotCommandLimit, ForumIconColor, ForumTopicLimit

from tests.emulators.telegram_contract import Json, bad
from tests.emulators.telegram_groups import Group, Topic
from tests.emulators.telegram_sending import place_of

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramServer

Scope = tuple[str, int, int, str]
"""For whom commands are: the scope's type, its chat and person (0: all), the language ("": any)."""


async def get_updates(server: TelegramServer, given: Json) -> list[Json]:
    """Poll."""
    return await server.updates.poll(given)


async def set_webhook(server: TelegramServer, given: Json) -> bool:
    """Ask for updates at an address."""
    return server.updates.set_webhook(given)


async def delete_webhook(server: TelegramServer, given: Json) -> bool:
    """Ask for updates there no more."""
    return server.updates.delete_webhook(given)


async def get_webhook_info(server: TelegramServer, _: Json) -> Json:
    """Say where updates go."""
    return server.updates.webhook_info()


async def get_me(server: TelegramServer, _: Json) -> Json:
    """Say who the bot is."""
    may: Json = {"can_join_groups": True, "can_read_all_group_messages": not server.privacy}
    return server.me | may | {"supports_inline_queries": False, "has_topics_enabled": False}


async def get_file(server: TelegramServer, given: Json) -> Json:
    """Return a file's link."""
    return server.store.link(given["file_id"], server.now)


# --- commands --------------------------------------------------------------------------------------------


def scope_of(server: TelegramServer, given: Json) -> Scope:
    """Read for whom commands are."""
    scope = given.get("scope", {"type": "default"})
    if "chat_id" in scope:
        place_of(server, scope)
    return scope["type"], scope.get("chat_id", 0), scope.get("user_id", 0), given.get("language_code", "")


async def set_my_commands(server: TelegramServer, given: Json) -> bool:
    """Set the menu of a scope."""
    commands = given["commands"]
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= BotCommandLimit.MAX_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    server.commands[scope_of(server, given)] = commands
    return True


async def get_my_commands(server: TelegramServer, given: Json) -> list[Json]:
    """Return the menu of exactly that scope."""
    return server.commands.get(scope_of(server, given), [])


async def delete_my_commands(server: TelegramServer, given: Json) -> bool:
    """Take the menu of a scope away."""
    server.commands.pop(scope_of(server, given), None)
    return True


async def set_chat_menu_button(server: TelegramServer, given: Json) -> bool:
    """Set what stands beside the field where one types."""
    if "chat_id" in given and place_of(server, given).kind != "private":
        raise bad("chat_id must be of a private chat")
    return True


# --- chats -----------------------------------------------------------------------------------------------


async def get_chat(server: TelegramServer, given: Json) -> Json:
    """Describe a chat."""
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    looks: Json = {"accent_color_id": 1, "max_reaction_count": 11}
    return place_of(server, given).place | looks | {"accepted_gift_types": dict.fromkeys(gifts, False)}


async def get_chat_member(server: TelegramServer, given: Json) -> Json:
    """Say what somebody is in a chat."""
    place, number = place_of(server, given), given["user_id"]
    if number == server.me["id"]:
        return {"user": server.me} | (place.bot if isinstance(place, Group) else {"status": "member"})
    if isinstance(place, Group) and number in place.members:
        return {"user": place.members[number].user, "status": "member"}
    if number == place.id:
        return {"user": {"id": number, "is_bot": False, "first_name": "Hoa"}, "status": "member"}
    raise bad("PARTICIPANT_ID_INVALID")


async def leave_chat(server: TelegramServer, given: Json) -> bool:
    """Leave a group."""
    place = place_of(server, given)
    if not isinstance(place, Group):
        raise bad("chat is not a group")
    place.remove_bot()
    return True


# --- topics ----------------------------------------------------------------------------------------------


def _forum(server: TelegramServer, given: Json) -> Group:
    place = place_of(server, given)
    if not isinstance(place, Group) or not place.forum:
        raise bad("the chat is not a forum")
    if not place.can("can_manage_topics"):
        raise bad("not enough rights to manage topics")
    return place


def _name(given: Json) -> str:
    name = str(given["name"]).strip()
    if not ForumTopicLimit.MIN_NAME_LENGTH <= len(name) <= ForumTopicLimit.MAX_NAME_LENGTH:
        raise bad("TOPIC_NAME_INVALID" if name else "topic name must be non-empty")
    return name


async def create_forum_topic(server: TelegramServer, given: Json) -> Json:
    """Open a topic; its id is that of the message saying so."""
    forum, name = _forum(server, given), _name(given)
    colour = given.get("icon_color", int(ForumIconColor.BLUE))
    if colour not in set(ForumIconColor):
        raise bad("TOPIC_ICON_COLOR_INVALID")
    said = {"forum_topic_created": {"name": name, "icon_color": colour}}
    first = forum.add(mine=False, content=said, sender=forum.bot_as_sender())
    first.thread = None
    forum.topics[first.id] = Topic(name, colour=colour)
    return {"message_thread_id": first.id, "name": name, "icon_color": colour}


async def edit_forum_topic(server: TelegramServer, given: Json) -> bool:
    """Give a topic another name."""
    forum = _forum(server, given)
    topic = forum.topics[given["message_thread_id"]]
    if "name" in given:
        name = _name(given)
        if name == topic.name:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.name = name
        _service(forum, given, {"forum_topic_edited": {"name": name}})
    return True


def _sets_closed(*, closed: bool) -> object:
    """Return the method that closes or reopens a topic."""
    said = "forum_topic_closed" if closed else "forum_topic_reopened"

    async def change(server: TelegramServer, given: Json) -> bool:
        forum = _forum(server, given)
        topic = forum.topics[given["message_thread_id"]]
        if topic.closed is closed:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        _service(forum, given, {said: {}})
        return True

    return change


async def delete_forum_topic(server: TelegramServer, given: Json) -> bool:
    """Delete a topic and what is written in it."""
    forum = _forum(server, given)
    forum.topic_delete(given["message_thread_id"])
    return True


def _service(forum: Group, given: Json, content: Json) -> None:
    thread = given["message_thread_id"]
    forum.add(mine=False, content=content, sender=forum.bot_as_sender(), thread=thread)


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getMe": get_me,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "leaveChat": leave_chat,
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": _sets_closed(closed=True),
    "reopenForumTopic": _sets_closed(closed=False),
    "deleteForumTopic": delete_forum_topic,
}

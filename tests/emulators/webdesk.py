"""The web chat over real HTTP on a real database, with a hand in the desk's place."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from itertools import count

from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot.channels.channel import Outcome
from bot.channels.parts import parts
from bot.channels.webchat import WebChat
from bot.group_commit import GroupCommit
from domain.messages import Choice, FileRef, Message
from storage.ground.tables import Inbox
from storage.mail import inbox, webchat
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.store.engine import Store
from tests.conftest import MONDAY
from web.limits import Limits
from web.server import NO_PROXY, create_app

LIMIT = 20 * 1024 * 1024


class WebDesk:
    """A running web chat. `answer`, when set, is said at once to whoever writes."""

    def __init__(self, store: Store, channel: WebChat, server: TestServer) -> None:
        self.store = store
        self.channel = channel
        self.server = server
        self.answer: Message | None = None
        self.after_store: Callable[[Sequence[Arrived]], Awaitable[None]] | None = None
        """Called in the transaction that stores messages; what it raises undoes it."""
        self._keys = count(1)

    @property
    def url(self) -> str:
        """The address of the page."""
        return str(self.server.make_url("/chat"))

    async def say(
        self,
        chat_key: str,
        text: str,
        *choices: Choice,
        files: tuple[FileRef, ...] = (),
        card: str = "",
        numbered: bool = True,
        edits: str | None = None,
        key: str = "",
    ) -> Outcome:
        """Send a message to a chat as the sender would."""
        message = Message(text, choices, files, card, numbered=numbered)
        return await self.tell(chat_key, message, key=key, edits=edits)

    async def tell(
        self, chat_key: str, message: Message, *, key: str = "", edits: str | None = None
    ) -> Outcome:
        """Send a ready message to a chat."""
        key = key or f"notice:{next(self._keys)}"
        delivery = Delivery(
            key, "web", chat_key, "", message, 1, uncertain=False, edits=edits, at=MONDAY, heard_at=MONDAY
        )
        (part,) = parts(message, self.channel.caps, edits)
        return await self.channel.send(delivery, part)

    async def commit(self, batch: Sequence[Arrived]) -> None:
        """Store what arrived, with its bubbles, as the program does."""
        async with self.store.work() as work:
            await inbox.store(work, batch)
            await webchat.record_own(work, batch)
            if self.after_store is not None:
                await self.after_store(batch)
        for arrived in batch:
            if self.answer is not None:
                await self.tell(self.key_of(arrived.address), self.answer)

    def key_of(self, address: str) -> str:
        """Return the chat's key of an address."""
        return self.store.keyring.blind("chat", "web", address)

    def drop_connections(self) -> None:
        """Cut every line, as a bad network does."""
        handler = self.server.handler
        for connection in list(getattr(handler, "connections", ())):
            connection.force_close()

    async def heard(self) -> list[Inbox]:
        """Return what lies in the inbox, in order."""
        async with self.store.read() as work:
            return list(await work.session.scalars(select(Inbox).order_by(Inbox.seq)))

    async def chat_key(self) -> str:
        """Return the key of the one chat that has written."""
        return (await self.heard())[-1].lane


@asynccontextmanager
async def web_desk(
    store: Store, base_url: str = "", limit: int = LIMIT, limits: Limits = NO_PROXY
) -> AsyncIterator[WebDesk]:
    """Run the web chat on a port of its own."""
    channel = WebChat(store, base_url or "http://127.0.0.1", limit, limits)
    app = create_app(limits)
    desk = WebDesk(store, channel, TestServer(app))
    group = GroupCommit(desk.commit)
    app.add_routes(channel.routes(group.put))
    await desk.server.start_server()
    yield desk
    await desk.server.close()
    await group.close()
    await channel.close()


@asynccontextmanager
async def browser(desk: WebDesk) -> AsyncIterator[ClientSession]:
    """Open a browser without script, which has been to the page once."""
    root = desk.server.make_url("/")
    async with ClientSession(root, cookie_jar=CookieJar(unsafe=True)) as session:
        async with session.get("/chat") as response:
            response.raise_for_status()
        yield session


def cookies_of(header: Sequence[str]) -> SimpleCookie:
    """Parse Set-Cookie headers."""
    jar: SimpleCookie = SimpleCookie()
    for line in header:
        jar.load(line)
    return jar

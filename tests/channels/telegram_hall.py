"""A whole desk behind Telegram's webhook, moved by hand: its loops step when a test says so."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.channels.channel import Read
from bot.channels.telegram.channel import Telegram
from bot.desk import Desk
from storage.ground.tables import Case, Inbox
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from tests.channels.telegram_desk import stored
from tests.conftest import StoppedClock


class Hall:
    """The desk, its channel and its clock. `taken` are the messages it was handed, refused ones too."""

    def __init__(self, store: Store, channel: Telegram, clock: StoppedClock) -> None:
        self.store = store
        self.channel = channel
        self.clock = clock
        self.desk = Desk(store, [channel])
        self.taken: list[Arrived] = []

    async def ingest(self, arrived: Arrived) -> None:
        """Store a message."""
        self.taken.append(arrived)
        await self.desk.ingest(arrived)

    async def work(self) -> None:
        """Let everything that waits be fetched, handled and said; two seconds pass before each round."""
        busy = True
        while busy:
            self.clock.pass_(seconds=2)
            steps = [*self.desk.fetchers, self.desk.worker, *self.desk.senders]
            busy = any([await loop.step() for loop in steps])

    async def said(self) -> list[Read | None]:
        """Return what each stored update says, in the order they came."""
        bodies = await stored(self.store)
        return [self.channel.normalize(bodies[one.external_id]["raw"]) for one in self.taken]

    async def cases(self) -> Sequence[str]:
        """Return the codes of all cases."""
        async with self.store.read() as work:
            return (await work.session.scalars(select(Case.code))).all()

    async def states(self) -> dict[str, int]:
        """Return the state of each stored message, by its id."""
        async with self.store.read() as work:
            rows = await work.session.execute(select(Inbox.external_id, Inbox.state))
            return {row.external_id: row.state for row in rows}

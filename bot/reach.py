"""What a platform's window lets through, and what is counted and kept for it; nothing where it has none."""

from collections.abc import Sequence

from bot.channels.channel import Outcome, Sent, Shut
from domain.windows import Way, Window
from storage.ground.work import Work
from storage.mail import quotas
from storage.mail.outbox import Delivery


class Reach:
    """One account's window, as of the last claim: the office may have changed it, and quotas shrink."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._window: Window | None = None
        self._left: int | None = None

    async def look(self, work: Work) -> None:
        """Read what is allowed now."""
        self._window = work.rules.reaching.windows.get(self._account)
        self._left = await quotas.left(work, self._account) if self._window else None

    def shut(self, delivery: Delivery, *, must: bool) -> Shut | None:
        """Say why a message may not go now, if it may not."""
        if self._window is None:
            return None
        way = self._window.way(delivery.at - delivery.heard_at, delivery.told, self._left, must=must)
        if way is Way.PAID and self._left is not None:
            self._left -= 1  # the others of this claim must not spend it too
        reasons = {Way.KEPT: "kept for what must arrive", Way.CLOSED: "the window is closed"}
        return Shut(reasons[way]) if way in reasons else None

    async def note(self, work: Work, results: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Count what was sent, and keep what the platform said is left. Chats before lanes: call it first."""
        if self._window is not None:
            sent = [(delivery, outcome) for delivery, outcome in results if isinstance(outcome, Sent)]
            if sent:
                await quotas.told(work, [delivery.lane for delivery, _ in sent])
            await quotas.note(work, self._account, [outcome.left for _, outcome in sent if outcome.left])

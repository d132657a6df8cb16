"""What the desk does about what is left: half-told reports, and work that was said to be done."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self

from domain.calendar import ONE_DAY, WorkCalendar
from domain.law import reading


class Stage(StrEnum):
    """What becomes of a report nobody goes on with, in its order."""

    NUDGE = "nudge"
    MORNING = "morning"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Drafts:
    """When a half-told report is asked about and when it is deleted; defaults of the office document."""

    nudge_after: timedelta = timedelta(hours=2)
    morning: time = time(8)
    delete_after: timedelta = timedelta(days=7)
    danger_after: timedelta = timedelta(minutes=5)
    """How long the question whether somebody is in danger may stay unanswered before it rings."""

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `drafts` of the office document; one written before there was any has the defaults."""
        row: Mapping[str, Any] | None = office.get("drafts")
        if row is None:
            return cls()
        with reading("office"):
            return cls(
                nudge_after=timedelta(hours=row["nudge_after_hours"]),
                morning=time.fromisoformat(row["morning"]),
                delete_after=timedelta(days=row["delete_after_days"]),
                danger_after=timedelta(minutes=row.get("danger_after_minutes", 5)),
            )

    def moments(self, heard_at: datetime, calendar: WorkCalendar) -> list[tuple[datetime, Stage]]:
        """Return what happens to a draft after its sender was last heard, in order, never at a quiet hour.

        The first nudge is left out where its hour is a quiet one: the morning's says the same. After the
        morning's there is a day at least, even where it came late for a long holiday.
        """
        first = heard_at + self.nudge_after
        next_day = calendar.roll(calendar.local(heard_at).date() + ONE_DAY)
        morning = _awake(calendar.at(next_day, self.morning), calendar)
        last = _awake(max(heard_at + self.delete_after, morning + ONE_DAY), calendar)
        nudge = [] if calendar.quiet_until(first) else [(first, Stage.NUDGE)]
        return [*nudge, (morning, Stage.MORNING), (last, Stage.DROP)]


def _awake(at: datetime, calendar: WorkCalendar) -> datetime:
    return calendar.quiet_until(at) or at


@dataclass(frozen=True, slots=True)
class CheckBack:
    """Of how many closed cases in a hundred, and how long after the answer, we ask whether it held."""

    after: timedelta = timedelta(days=30)
    of_hundred: int = 20

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `check_back` of the office document; one written before there was any has the defaults."""
        row: Mapping[str, Any] | None = office.get("check_back")
        if row is None:
            return cls()
        with reading("office"):
            return cls(after=timedelta(days=row["after_days"]), of_hundred=int(row["of_hundred"]))

    def falls_on(self, code: str) -> bool:
        """Say whether the case with this code is one of the sample: every replica agrees, now and later."""
        drawn = int.from_bytes(hashlib.sha256(code.encode()).digest()[:8])
        return drawn % 100 < self.of_hundred

    def moment(self, answered_at: datetime, calendar: WorkCalendar) -> datetime:
        """Return when to ask: the morning of the working day the time is over, or of the next one."""
        day = calendar.local(answered_at + self.after).date()
        return calendar.morning_of(calendar.roll(day))

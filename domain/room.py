"""How much people may send in files before a case has them: a chat in a day, and all chats together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, Self

from domain.law import reading

_MB: Final = 1024 * 1024
_NEW_OF_HUNDRED: Final = 25
DAY: Final = timedelta(days=1)
"""What a chat has sent counts for so long."""


@dataclass(frozen=True, slots=True)
class Held:
    """So many files, and the bytes of all of them."""

    files: int = 0
    size: int = 0

    def __add__(self, other: "Held") -> "Held":
        return Held(self.files + other.files, self.size + other.size)

    def fits(self, most: "Held") -> bool:
        """Say whether it is no more than this, in files and in bytes."""
        return self.files <= most.files and self.size <= most.size


@dataclass(frozen=True, slots=True)
class Room:
    """How much there is room for; defaults of the office document.

    `a_day` is for one chat, whatever became of it; `waiting` for all that lies with no case yet. Of that,
    chats of which nobody here has ever taken a case fill no more than `new_of_hundred` in a hundred: they
    cost nothing to make up.
    """

    a_day: Held = Held(50, 200 * _MB)
    waiting: Held = Held(5000, 4000 * _MB)
    new_of_hundred: int = _NEW_OF_HUNDRED

    @property
    def of_new(self) -> Held:
        """How much of all that waits may be of new chats."""
        files, size = self.waiting.files, self.waiting.size
        return Held(-(-files * self.new_of_hundred // 100), -(-size * self.new_of_hundred // 100))

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `files` of the office document; one written before there was any has the defaults."""
        row: Mapping[str, Any] | None = office.get("files")
        if row is None:
            return cls()
        with reading("office"):
            return cls(
                Held(int(row["day_files"]), int(row["day_mb"]) * _MB),
                Held(int(row["waiting_files"]), int(row["waiting_mb"]) * _MB),
                int(row.get("new_of_hundred", _NEW_OF_HUNDRED)),
            )

    def over(
        self, sent: Held, waiting: Held, of_new: Held | None = None
    ) -> Literal["", "upload.day", "upload.waiting"]:
        """Return the key of what to say where a chat sent, or all keep waiting, more than fits.

        `of_new` is what new chats keep waiting, where this one is new too.
        """
        if not sent.fits(self.a_day):
            return "upload.day"
        fits = waiting.fits(self.waiting) and (of_new is None or of_new.fits(self.of_new))
        return "" if fits else "upload.waiting"

"""What belongs together of what people say: how soon after, how alike, how much in one breath."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from domain.law import reading


@dataclass(frozen=True, slots=True)
class Listening:
    """How the desk tells apart and keeps together what it hears; defaults of the office document.

    Words within `afterthought` of a receipt belong to its case, within `question` of an officer's
    question to that one, files without words within `files` to the latest. More than `at_once` messages
    in a `breath` are answered as one, a half-told report gathering no more than `gathered` letters of
    them. A chat opens so many cases `a_day`, and sends as many sealed, danger apart. Cases of the last
    `alike_since` are the same matter when so large a part of the words of the shorter summary stands in the
    other, and no fewer words than `alike_words`; `alike_kinds` says of which kinds that can be,
    `alike_fields` of which fields: those of places, never of people. Alarms within `alike_alarm` may be one.
    To one case no more than `alike_together` others are joined.
    Within `again` of an alarm that was called off its sender's words may say that it is back.
    """

    afterthought: timedelta = timedelta(minutes=5)
    question: timedelta = timedelta(hours=48)
    files: timedelta = timedelta(hours=24)
    at_once: int = 10
    breath: timedelta = timedelta(seconds=60)
    gathered: int = 20_000
    a_day: int = 15
    alike_since: timedelta = timedelta(days=14)
    alike_part: float = 0.6
    alike_words: int = 2
    alike_alarm: timedelta = timedelta(minutes=30)
    alike_together: int = 20
    again: timedelta = timedelta(hours=2)
    alike_kinds: tuple[str, ...] = ("phan_anh", "kien_nghi", "gop_y")
    alike_fields: tuple[str, ...] = (
        "moi_truong",
        "ha_tang_gt",
        "cap_nuoc",
        "thoat_nuoc",
        "dien",
        "cay_xanh",
        "vien_thong",
        "thien_tai",
        "nong_nghiep",
        "van_hoa",
    )

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `together`, `flood` and `alike` of the office document. Raises BadDocument."""
        together, flood, alike = (office.get(name, {}) for name in ("together", "flood", "alike"))
        usual = cls()
        with reading("office"):
            return cls(
                afterthought=_time(together, "afterthought_minutes", "minutes", usual.afterthought),
                question=_time(together, "question_hours", "hours", usual.question),
                files=_time(together, "files_hours", "hours", usual.files),
                at_once=int(flood.get("messages", usual.at_once)),
                breath=_time(flood, "seconds", "seconds", usual.breath),
                gathered=int(flood.get("letters", usual.gathered)),
                a_day=int(flood.get("cases_a_day", usual.a_day)),
                alike_since=_time(alike, "days", "days", usual.alike_since),
                alike_part=float(alike.get("part", usual.alike_part)),
                alike_words=int(alike.get("words", usual.alike_words)),
                alike_alarm=_time(alike, "alarm_minutes", "minutes", usual.alike_alarm),
                alike_together=int(alike.get("together", usual.alike_together)),
                again=_time(alike, "again_minutes", "minutes", usual.again),
                alike_kinds=tuple(alike.get("kinds", usual.alike_kinds)),
                alike_fields=tuple(alike.get("fields", usual.alike_fields)),
            )


def _time(told: Mapping[str, Any], name: str, unit: str, usual: timedelta) -> timedelta:
    return timedelta(**{unit: told[name]}) if name in told else usual

"""What may happen in a made-up province, and what is remembered of a case that was told there."""

import random
from dataclasses import dataclass
from typing import Any

STORIES = {
    "drain": "cống thôn {n} tắc mấy hôm rồi, mưa là ngập đường",
    "lamp": "đèn đường thôn {n} hỏng ba hôm nay, tối om",
    "rubbish": "rác chất đống ở thôn {n} bốc mùi hôi thối mấy hôm nay",
    "pension": "cho tôi hỏi trợ cấp người cao tuổi của mẹ tôi ở thôn {n} khi nào có",
    "fire": "cháy nhà ở thôn {n}, khói đen mù mịt, cứu với",
}
ABOVE = {"drain": "sxd", "rubbish": "sonnmt"}
"""The province's unit of the field that these stories are of."""
WRONG = "tôi tố cáo ông {name} nhận hối lộ 50 triệu ở thôn 3"
LISTS = ("viec", "quahan", "duyet", "don vi", "thong ke", "duyet tin", "so mo danh tinh", "quan tri",
         "thu loi", "may cua toi", "nhac sau", "tim zq17", "zq17", "viec cong tac")  # fmt: skip
OF_ONE = ("xem {code}", "nhan {code}", "tl {code} Xã đã xử lý xong ngày 18/11.", "chuyen {code}",
          "giao {code}", "ai xem {code}", "mo danh tinh {code}", "{code}", "nhac {code}")  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Something that happens: of which case, in which commune (None: in none), who does it, and its facts."""

    what: str
    case: int | None = None
    commune: str | None = None
    who: str = ""
    facts: tuple[tuple[str, Any], ...] = ()

    def get(self, name: str) -> Any:  # noqa: ANN401 - as it was drawn
        """Return one of its facts, None for one it has not."""
        return dict(self.facts).get(name)


@dataclass
class Told:
    """A case: its code, and what the test knows of where it has been."""

    code: str
    mark: str
    citizen: str
    kind: str
    had: set[str]
    units: set[str]
    shut: set[str]
    risen: bool = False


class Dice:
    """Stands in for the source of codes: after each step's number the same come again."""

    def at(self, step: int) -> None:
        """Begin anew."""
        self.randbelow = random.Random(step * 7919 + 1).randrange

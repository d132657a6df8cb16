"""What officials, people on duty, chiefs and heads say in their own words, each with what comes of it."""

import re
from pathlib import Path

import pytest

from bot.stories import Pass
from scheduler.clock import begin
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.player import Player
from tests.storage import province

TABLE = Path(__file__).with_name("officers_words.tsv")
ROWS = [tuple(line.split("\t")) for line in TABLE.read_text().splitlines() if not line.startswith("#")]
CODE = re.compile(r"\b[A-Z]{2,3}-[0-9A-Z]{7}\b")
DRAIN = (("dan1", "mương thôn 3 bị lấp"), ("dan1", "1"))
ROAD = (("dan2", "đường thôn 4 lầy lội"), ("dan2", "1"))
TWIN = (("dan2", "mương thôn 3 nghẹt cứng nước không thoát"), ("dan2", "1"))
NOISE = (("dan1", "quán bia xóm chùa ồn quá"), ("dan1", "1"))
TAKEN, BOTH_TAKEN = ("kt_tuan", "nhan {c1}"), ("kt_tuan", "nhan {c2}")
WEEK = ("", "a week")


def longer(code: str) -> tuple[tuple[str, str], ...]:
    """Return what asks for two more days for a case."""
    return (("kt_tuan", f"giahan {code}"), ("kt_tuan", "1"), ("kt_tuan", "2"))


STATES = {
    "none": (),
    "new": DRAIN,
    "held": (*DRAIN, TAKEN),
    "twonew": (*DRAIN, *ROAD),
    "noise": NOISE,
    "noiseheld": (*NOISE, ("ca_dung", "nhan {c1}")),
    "fire": (("dan2", "nhà xóm Chùa đang cháy to"),),
    "late": (*DRAIN, TAKEN, WEEK),
    "same": (*DRAIN, *TWIN),
    "sameheld": (*DRAIN, *TWIN, TAKEN, BOTH_TAKEN),
    "asks1": (*DRAIN, TAKEN, *longer("{c1}")),
    "asks2": (*DRAIN, *ROAD, TAKEN, BOTH_TAKEN, *longer("{c1}"), *longer("{c2}")),
    "away": (("kt_tuan", "mai em nghỉ"), ("kt_tuan", "1")),
}
"""What stands when they say it: a drain and a road of the economy's, noise of the police's, a fire."""
SAYS = {
    "taken": "Đã nhận việc",
    "not_taken": "^(?!.*Đã nhận việc)",
    "which": "việc nào",
    "late": "hồ sơ quá hạn",
    "work": "hồ sơ đang có|Hiện không có hồ sơ",
    "units": "Các đơn vị hiện nay",
    "where": "Nhắn tin cho bà con ở đâu",
    "message": "Anh/chị nhắn nội dung gửi bà con",
    "preview": "sẽ đọc:|Chưa có bà con nào",
    "of_chiefs": "Mục này của lãnh đạo",
    "not_of_chiefs": "^(?!.*Mục này của lãnh đạo)",
    "joined": "Đã gộp",
    "not_joined": "^(?!.*Đã gộp)",
    "approvals": "Duyệt cả 2",
    "approved": "Đã duyệt 2 việc",
    "not_approved": "^(?!.*Đã duyệt)",
    "granted": "Đã duyệt gia hạn",
    "which_unit": "cho đơn vị nào",
    "why_there": "Vì sao chuyển",
    "why_longer": "ngày làm việc. Lý do",
    "answer": "Đây là trả lời bà con",
    "answered": "Đã trả lời",
    "given": r"Đã giao LM-\S+ cho Bùi Phương Thảo",
    "nudged": "Đã nhắc",
    "no_line": "2",
    "counter": "Bà con tên gì",
    "admin": "quản trị phần nào",
    "stand_in": "^Nghỉ .*Ai làm thay",
    "noted_away": "Đã ghi: nghỉ .*Bùi Phương Thảo làm thay",
    "back": "Đã bỏ lịch nghỉ",
    "whose": "Đây là ý kiến của ai",
    "not_whose": "^(?!.*(?:ý kiến của ai|trả lời bà con))",
    "alarm": "^(?!.*ý kiến của ai).*LM-.*KHẨN",
    "card": "^📥",
    "danger": "114",
}


@pytest.mark.parametrize(("state", "who", "words", "comes"), ROWS)
async def test_officials_are_heard_in_their_own_words(
    sqlite_store: Store, clock: StoppedClock, *, state: str, who: str, words: str, comes: str
) -> None:
    """It is done, or the one question left is asked; an accusation, and an answer, stay what they are."""
    await province.settle(sqlite_store)
    player, codes = Player(sqlite_store, clock), dict[str, str]()
    await begin(sqlite_store)
    for speaker, text in STATES[state]:
        if not speaker:
            await player._pass(Pass(0, 5, "working day"))
            continue
        await player.say(speaker, {"text": text.format_map(codes)})
        for one in player.paper.told:
            for code in CODE.findall(one.message.text if one.address.startswith("dan") else ""):
                if code not in codes.values():
                    codes[f"c{len(codes) + 1}"] = code
    for text in words.split(" || "):
        await player.say(who, {"text": text.format_map(codes)})
    last = [one.message for one in player.paper.told if one.address == who and one.key.startswith("reply:")][
        -1
    ]
    answer = " ".join((last.text, *(f"[{choice.label}]" for choice in last.choices))).replace("\n", " ")
    kind, _, facts = comes.partition(" ")
    assert re.search(SAYS[kind], answer), answer
    for fact in facts.split() if kind in {"stand_in", "noted_away"} else filter(None, [facts]):
        assert fact in answer

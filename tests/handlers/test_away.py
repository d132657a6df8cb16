"""What is typed to say that somebody is away, and what only sounds like it."""

import pytest

from handlers.engine.commands import Command, read


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("nghi", ""),
        ("/nghi", ""),
        ("Nghỉ 25/11-28/11", "25/11-28/11"),
        ("nghỉ từ 25/11 đến 28/11.", "tu 25/11 den 28/11"),
        ("nghi ngày mai", "ngay mai"),
        ("nghi hôm nay", "hom nay"),
        ("nghi huy", "huy"),
        ("nghỉ hủy", "huy"),
        ("nghi hộ", "ho"),
        ("nghỉ hộ Tuân 25/11-28/11", "ho tuan 25/11-28/11"),
        ("away tomorrow", "tomorrow"),
        ("away for Tuân today", "for tuan today"),
        ("away cancel", "cancel"),
    ],
)
def test_an_absence_is_typed_in_many_ways(typed: str, rest: str) -> None:
    """With or without diacritics, days or a name."""
    assert read(typed) == Command("away", text=rest)


@pytest.mark.parametrize(
    "talk",
    [
        "nghi ngờ ông ấy lấy tiền",
        "nghỉ hè rồi mà trường chưa sửa",
        "nghi hồ sơ này giả",
        "nghỉ mai táng cho bà",
        "ngày mai nghỉ",
        "nghiêm cấm đổ rác",
    ],
)
def test_talk_that_begins_alike_is_talk(talk: str) -> None:
    """An officer's answer is never taken for a day off."""
    command = read(talk)
    assert command is None or command.name != "away"

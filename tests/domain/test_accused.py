"""Whoever an accusation speaks of is found, by whatever people call them; who is asked for help is not accused."""

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from domain.accused import Accusation, Accused
from domain.law import seed
from domain.routing import Unit
from domain.understand.fold import fold
from domain.understand.offices import Offices
from tests.domain.charts import CALLED, CHIEFS, FIRST, Chart, chart

OFFICES = Offices.parse(seed("taxonomy"))
CHARTS = 200
WRONGS = (
    "{who} đòi tôi 3 triệu mới chịu làm",
    "tố cáo {who} nhận hối lộ",
    "tôi bị {who} quát mắng trước mặt mọi người",
    "{who} hách dịch với dân",
    "{who} bao che cho sòng bạc thôn tôi",
    "người lấy tiền cứu trợ là {who}",
    "muốn nhanh phải lót tay cho {who}",
    "{who} cấp đất cho con cháu trong nhà",
    "{who} bớt xén tiền hỗ trợ lũ của bà con",
    "hôm qua {who} đánh con tôi",
    "{who} gây khó dễ, bắt tôi đi lại năm lần",
    "{who} say rượu trong giờ làm việc",
    "tôi đưa phong bì cho {who} rồi mới được việc",
    "{who} chống lưng cho bọn khai thác cát",
    "{who} vòi tiền",
    "{who} giữ tiền quỹ không trả cho dân",
    "thái độ của {who} rất tệ",
    "{who} đưa người nhà vào danh sách hộ nghèo",
    "{who} ăn chặn quà Tết hộ nghèo",
    "{who} ngâm hồ sơ của tôi vì tôi không đưa tiền",
    "{who} dọa nhốt tôi nếu còn kêu ca",
    "đề nghị làm rõ việc {who} khai khống tiền công",
    "bà con thôn tôi bức xúc vì {who} coi thường dân",
    "{who} sàm sỡ con gái tôi",
    "{who} làm ngơ cho xe quá tải",
    "{who} quát dân như quát con",
)
TITLES = ("ông", "bà", "anh", "chị", "cô", "chú", "bác", "thầy", "đồng chí", "Ông", "Anh")


@pytest.fixture(scope="module")
def charts() -> list[tuple[Chart, Accused]]:
    """Some hundred communes."""
    made = [chart(Random(number)) for number in range(CHARTS)]
    return [(one, Accused(one.directory, OFFICES)) for one in made]


def spellings(text: str) -> Iterator[str]:
    """Yield the text as it stands, without diacritics, and with an invisible letter in each word."""
    yield text
    yield fold(text)
    yield text.lower()
    yield "".join(letter + "\u200b" if letter.isalpha() and n % 5 == 0 else letter for n, letter in enumerate(text))


def every(
    charts: list[tuple[Chart, Accused]], ways: Callable[[Chart, UUID], list[str]]
) -> Iterator[tuple[Chart, UUID, str, Accusation]]:
    """Yield what is read of every official accused in every way, each time in another phrasing."""
    wrongs = cycle(WRONGS)
    for one, accused in charts:
        for person in one.names:
            for who in ways(one, person):
                wrong = next(wrongs)
                while " có " in who and not wrong.startswith("{who}"):
                    wrong = next(wrongs)
                for text in spellings(wrong.format(who=who)):
                    yield one, person, text, accused.read(text, FIRST)


def missed(found: Iterator[tuple[Chart, UUID, str, Accusation]]) -> list[str]:
    """Return the texts in which the official was not found, or no wrong."""
    return [f"{text} ({one.full(person)})" for one, person, text, read in found if not read.wrong or person not in read.people]


def by_whole_name(one: Chart, person: UUID) -> list[str]:
    """Return what somebody is called by who knows the whole name."""
    title = TITLES[person.int % len(TITLES)]
    return [one.full(person), f"{title} {one.full(person)}", f"{one.full(person)}, {said_unit(one, person)}"]


def said_unit(one: Chart, person: UUID) -> str:
    """Return what people call somebody's unit."""
    unit = one.unit_of(person)
    if unit.type == "thon":
        return f"trưởng {one.directory.area(unit.area).name}"
    called = CALLED.get(unit.type, (unit.name,))
    return called[person.int % len(called)]


def by_given_name(one: Chart, person: UUID) -> list[str]:
    """Return what somebody is called in the village."""
    _, middle, given = one.names[person]
    title, unit = TITLES[person.int % len(TITLES)], said_unit(one, person)
    ways = [
        f"{title} {given} {unit}",
        f"{title} {given} bên {unit}",
        f"{title} {given} ở {unit}",
        f"{unit} có {title} {given}",
        f"{title} {given}" if title not in {"cô", "thầy"} else f"{title} {given} {unit}",
    ]
    chiefs = CHIEFS.get(one.unit_of(person).type, ())
    if person in one.chiefs(one.unit_of(person)):
        ways += [f"{chief} {given}" for chief in chiefs] + [f"{title} {given} {chief}" for chief in chiefs]
    return ways + ([f"{middle.split()[-1]} {given}"] if middle else [])


def test_every_official_is_found_by_their_whole_name(charts: list[tuple[Chart, Accused]]) -> None:
    """In every phrasing, with and without diacritics: the person is meant, and a wrong is told."""
    assert missed(every(charts, by_whole_name)) == []


def test_every_official_is_found_by_their_given_name(charts: list[tuple[Chart, Accused]]) -> None:
    """With a title, a post or a unit beside it, in either order; and by the last two words of the name."""
    assert missed(every(charts, by_given_name)) == []

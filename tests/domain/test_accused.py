"""Whoever an accusation speaks of is found, whatever people call them; who is only asked is not accused."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from random import Random
from uuid import UUID

import pytest

from domain.accused import Accusation, Accused, read
from domain.directory import Directory
from domain.law import seed
from domain.people import Holding, Role
from domain.routing import Unit
from domain.understand.fold import fold
from domain.understand.offices import Offices
from tests.amounts import times
from tests.domain.charts import CALLED, CHIEFS, FIRST, Chart, chart
from tests.domain.made_up import CODES, DAY, DEMO, lines

OFFICES = Offices.parse(seed("taxonomy"))
CHARTS = times(34)
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


def of_demo(text: str) -> tuple[list[str], list[str], bool]:
    """Return the people and units of the demo whom the words accuse, and whether a wrong is told."""
    found = read(text, DEMO, DAY)
    return sorted(CODES[one] for one in found.people), sorted(CODES[one] for one in found.units), found.wrong


@pytest.fixture(scope="module")
def charts() -> list[tuple[Chart, Accused]]:
    """Make up some hundred communes."""
    made = [chart(Random(number)) for number in range(CHARTS)]
    return [(one, Accused(one.directory, OFFICES)) for one in made]


def spellings(text: str) -> Iterator[str]:
    """Yield the text as it stands, without diacritics, in small letters, and with letters nobody sees."""
    yield text
    yield fold(text)
    yield text.lower()
    yield "".join(
        letter + "\u200b" if letter.isalpha() and n % 5 == 0 else letter for n, letter in enumerate(text)
    )


def accusing(who: str, wrongs: Iterator[str]) -> Iterator[str]:
    """Yield the next phrasing that fits whom it is told of, in two spellings in their turn."""
    wrong = next(wrong for wrong in wrongs if " có " not in who or wrong.startswith("{who}"))
    every = list(spellings(wrong.format(who=who)))
    yield from every[:2] if len(wrong) % 2 else every[1:]


GRAVE = tuple(wrong for wrong in WRONGS if read(wrong.format(who="ông Hoàng Đức Thịnh"), DEMO, DAY).crime)
GENERAL = ("lãnh đạo xã", "người đứng đầu xã")
"""What is grave is theirs alone; what they only promise or put off goes where it always goes."""


def missed(
    charts: Sequence[tuple[Chart, Accused]],
    who: Callable[[Chart, Random], Iterator[tuple[str, UUID]]],
    found: Callable[[Accusation, UUID], bool],
    told_of_them: Sequence[str] = WRONGS,
) -> list[str]:
    """Return the texts that accuse somebody or a unit and in which that is not found, or no wrong."""
    wrongs, random, lost = cycle(told_of_them), Random(8), []
    for one, accused in charts:
        for called, meant in who(one, random):
            for text in accusing(called, wrongs):
                told = accused.read(text, FIRST)
                if not told.wrong or not found(told, meant):
                    lost.append(text)
    return lost


def named(told: Accusation, person: UUID) -> bool:
    """Say whether the person was found."""
    return person in told.people


def by_whole_name(one: Chart, random: Random) -> Iterator[tuple[str, UUID]]:
    """Yield what each official is called by who knows the whole name."""
    for person in one.names:
        full = one.full(person)
        ways = [full, f"{random.choice(TITLES)} {full}", f"{full}, {said_unit(one, person)}"]
        yield random.choice(ways), person


def said_unit(one: Chart, person: UUID) -> str:
    """Return what people call somebody's unit."""
    unit = one.unit_of(person)
    if unit.type == "thon":
        return f"trưởng {one.directory.area(unit.area).name}"
    called = CALLED.get(unit.type, (unit.name,))
    return called[person.int % len(called)]


def by_given_name(one: Chart, random: Random) -> Iterator[tuple[str, UUID]]:
    """Yield two of the things each official is called in the village."""
    for person in one.names:
        _, middle, given = one.names[person]
        title, unit = random.choice(TITLES), said_unit(one, person)
        ways = [
            f"{title} {given} {unit}",
            f"{title} {given} bên {unit}",
            f"{title} {given} ở {unit}",
            f"{unit} có {title} {given}",
            f"{title} {given}",
        ]
        if person in one.chiefs(one.unit_of(person)):
            chief = random.choice(CHIEFS.get(one.unit_of(person).type, ("cán bộ",)))
            ways += [f"{chief} {given}", f"{title} {given} {chief}"]
        if middle:
            ways.append(f"{middle.split()[-1]} {given}")
        yield from ((way, person) for way in random.sample(ways, 2))


def by_unit(one: Chart, random: Random) -> Iterator[tuple[str, UUID]]:
    """Yield what each unit is called: its own name, and a nickname where it has one."""
    for unit in one.directory.units:
        if unit.name != "Thôn 3":  # a place
            yield unit.name, unit.id
        for called in CALLED.get(unit.type, ()):
            yield random.choice((called, f"nhân viên {called}")), unit.id


def by_post(one: Chart, random: Random) -> Iterator[tuple[str, UUID]]:
    """Yield what each chief is called without a name."""
    for unit in one.directory.units:
        for chief in one.chiefs(unit):
            for called in CHIEFS.get(unit.type, ()):
                if called in GENERAL:
                    continue
                yield random.choice((called, f"ông {called}", f"bà {called}")), chief


def by_leading(one: Chart, _: Random) -> Iterator[tuple[str, UUID]]:
    """Yield what all heads together are called."""
    for unit in one.directory.units:
        for chief in one.chiefs(unit) if unit.type in {"ct_xa", "dang_xa"} else ():
            yield from ((called, chief) for called in GENERAL)


@pytest.mark.storm
def test_every_official_is_found_by_their_whole_name(charts: list[tuple[Chart, Accused]]) -> None:
    """In every phrasing, with and without diacritics: the person is meant, and a wrong is told."""
    assert missed(charts, by_whole_name, named) == []


@pytest.mark.storm
def test_every_official_is_found_by_their_given_name(charts: list[tuple[Chart, Accused]]) -> None:
    """With a title, a post or a unit beside it, in either order; and by the last two words of the name."""
    assert missed(charts, by_given_name, named) == []


@pytest.mark.storm
def test_every_unit_is_found_by_its_names(charts: list[tuple[Chart, Accused]]) -> None:
    """By its own name in the directory and by what people call it."""
    assert missed(charts, by_unit, lambda told, unit: unit in told.units) == []


@pytest.mark.storm
def test_every_chief_is_found_by_the_post(charts: list[tuple[Chart, Accused]]) -> None:
    """Nobody's name need be known: "chủ tịch xã" is whoever is it."""
    assert missed(charts, by_post, named) == []


def test_leaders_in_general_are_all_meant_by_what_is_denounced(charts: list[tuple[Chart, Accused]]) -> None:
    """Money, blows, cover for crime; what they promised and did not do is a matter like any other."""
    assert missed(charts, by_leading, named, GRAVE) == []
    assert of_demo("lanh dao xa hua lam duong thon 4 ma cho hoai") == ([], [], False)
    assert of_demo("len gap lanh dao xa thi bi duoi ve, thon 1") == ([], [], True)


@pytest.mark.parametrize("text", lines("conduct_that_is_calm.txt"))
def test_an_ordinary_report_accuses_nobody(text: str) -> None:
    """Who names an official to ask, to thank, or to say where something is, tells no wrong."""
    assert [one for one in (text, fold(text), text.upper()) if read(one, DEMO, DAY).wrong] == []


@pytest.mark.parametrize("text", lines("conduct_that_is_wrong.txt"))
def test_a_wrong_told_in_everyday_words_is_heard(text: str) -> None:
    """Money, land, blows, cover for crime, insolence, kin, neglect: however it is written."""
    assert [one for one in (text, fold(text), text.upper()) if not read(one, DEMO, DAY).wrong] == []


@pytest.mark.parametrize(
    ("text", "people", "units"),
    [
        ("tố cáo ông Hoàng Đức Thịnh nhận hối lộ 50 triệu của công ty đá ở thôn 3", ["chu_tich"], []),
        ("tố cáo ông Thịnh ăn tiền", ["chu_tich"], []),
        ("Đức Thịnh nhận tiền của mỏ đá", ["chu_tich"], []),
        ("chủ tịch Thịnh ăn đất", ["chu_tich"], ["ct_xa"]),
        ("Thịnh chủ tịch ăn đất", ["chu_tich"], ["ct_xa"]),
        ("người nhận tiền là ông chủ tịch xã", ["chu_tich"], ["ct_xa"]),
        ("lãnh đạo xã bao che cho sòng bạc", ["bi_thu", "chu_tich"], ["ct_xa", "dang_xa"]),
        ("người đứng đầu xã nhận tiền", ["bi_thu", "chu_tich"], ["ct_xa", "dang_xa"]),
        ("UBND xã thu tiền sai", [], ["ct_xa"]),
        ("anh Đỗ Anh Tuân đòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3", ["kt_tuan"], []),
        ("cán bộ phòng văn hóa xã hội bớt xén tiền trợ cấp", [], ["vhxh_xa"]),
        ("bà Đinh Thị Mai Hương ăn chặn tiền cứu trợ", ["bi_thu"], []),
        ("Ông Trịnh Xuân Cường bảo kê sòng bạc ở thôn 5", ["ca_truong"], []),
        ("trưởng công an xã Trịnh Xuân Cường bảo kê sòng bạc thôn 5", ["ca_truong"], ["ca_xa"]),
        ("trưởng công an ăn hối lộ", ["ca_truong"], ["ca_xa"]),
        ("Anh Minh phòng kinh tế vòi tôi 5 triệu mới cho giấy phép xây nhà", [], ["kt_xa"]),
        ("anh Tuấn phòng kinh tế vòi tôi 5 triệu", ["kt_tuan"], ["kt_xa"]),
        ("chị Yến phòng văn hóa ăn chặn tiền hộ nghèo", ["vhxh_yen"], ["vhxh_xa"]),
        ("hội phụ nữ xã thu quỹ không biên lai, bà Huệ giữ tiền", [], ["mttq_xa"]),
        ("bà Nhàn hội phụ nữ giữ quỹ", ["mttq_chu_tich"], ["mttq_xa"]),
        ("Bí thư đảng ủy xã lấy đất công chia cho con cháu", ["bi_thu"], ["dang_xa"]),
        ("Tuân kinh tế đòi tiền", ["kt_tuan"], ["kt_xa"]),
        ("đề nghị chủ tịch xã xử lý cán bộ một cửa hách dịch", [], ["ttpvhcc_xa"]),
        ("kính gửi chủ tịch xã, tôi tố cáo anh Tuân phòng kinh tế ăn tiền", ["kt_tuan"], ["kt_xa"]),
        ("ra ủy ban gặp anh Tuân phòng kinh tế bị quát", ["kt_tuan"], ["kt_xa"]),
        ("báo công an xã rồi mà họ làm ngơ", [], ["ca_xa"]),
    ],
)
def test_who_is_meant(text: str, people: list[str], units: list[str]) -> None:
    """The person, the holders of a post, the unit: those told of, not those asked."""
    assert of_demo(text) == (people, units, True)
    assert of_demo(fold(text)) == (people, units, True) or "Tuân kinh" in text


@pytest.mark.parametrize("row", lines("accused_named.tsv")[1:])
def test_who_is_named_in_everyday_words(row: str) -> None:
    """Initials, units spoken of as people, kin who serve there, who was asked and is blamed."""
    text, people, units = row.split("\t")
    assert of_demo(text) == (people.split(), units.split(), True)


@pytest.mark.parametrize("text", lines("accused_nobody.txt"))
def test_a_common_word_a_street_or_a_neighbour_names_no_official(text: str) -> None:
    """A given name that is an everyday word too is one only with signs of a name."""
    found = read(text, DEMO, DAY)
    assert not found.wrong
    assert not found.people or found.calm


def test_two_people_of_one_name_are_both_meant() -> None:
    """Until a unit beside the name says which of them."""
    unit = [Unit(UUID(int=n), kind, kind, name, "c", None, FIRST) for n, kind, name in UNITS]
    people = {UUID(int=7): "Nguyễn Thị Lan", UUID(int=8): "Trần Ngọc Lan", UUID(int=9): "Trần Ngọc Lân"}
    holdings = [Holding(p, u.id, Role.OFFICER, FIRST) for p, u in zip(people, (*unit, unit[0]), strict=False)]
    office = Directory((), tuple(unit), tuple(holdings), (), people)
    assert read("cô Lan đòi tiền", office, DAY).people == (UUID(int=7), UUID(int=8))
    assert read("co lan phong kinh te doi tien", office, DAY).people == (UUID(int=7), UUID(int=9))
    assert read("cô Lan công an đòi tiền", office, DAY).people == (UUID(int=8),)
    assert read("Trần Ngọc Lan đòi tiền", office, DAY).people == (UUID(int=8),)


UNITS = ((1, "kt_xa", "Phòng Kinh tế"), (2, "ca_xa", "Công an xã"))


def test_a_neighbour_is_nobodys_official() -> None:
    """Though an official has the same name, or a unit is asked to help."""
    for text in (
        "anh Tuân hàng xóm đánh tôi",
        "hàng xóm tên là Tuân chửi tôi",
        "chồng tôi tên Dũng hay đánh tôi",
    ):
        assert of_demo(text)[2] is False
        assert of_demo(fold(text))[2] is False


def test_who_is_only_asked_or_passed_is_told_apart() -> None:
    """They are named, but no words speak of what they did."""
    asked = read("nhờ anh Tuân phòng kinh tế xem giúp cái cống trước công an xã", DEMO, DAY)
    assert (asked.people, asked.units, asked.wrong) == ((), (), False)
    assert {CODES[one] for one in asked.beside} == {"kt_tuan", "kt_xa", "ca_xa"}


def test_names_are_in_no_log() -> None:
    """A directory that is printed by mistake shows nobody's name."""
    assert "Thịnh" not in repr(DEMO)


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 5000 + "0", "፩፪", "²³", "①0"])
def test_no_row_of_digits_is_too_strange_to_be_read(number: str) -> None:
    """What is sent is kept and answered, whatever it is: a number nobody can count with is no sum."""
    for text in (number, f"đòi {number} mới làm", f"{number} bia", f"xin {number} cà phê"):
        read(text, DEMO, DAY)

"""Who asks for papers, legal aid or a person, in a desk of many communes, is asked once of which they are."""

from storage.mail.inbox import Arrived
from tests.conversations.wide import CODE, Wide, code_in
from tests.storage import commune
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE

WHICH = "xã, phường nào"
THERE = "xã Bình An Mẫu"


async def seats(wide: Wide) -> list[str]:
    """Return the commune or province whose unit has each case."""
    async with wide.store.read() as work:
        directory = work.desk.directory
        units = {unit.code: directory.seat(unit.id) or "" for unit in directory.units}
    return [units[unit] for _, unit, _ in await wide.cases()]


async def test_a_question_about_papers_goes_to_the_commune_that_is_named(wide: Wide) -> None:
    """Asked before the question; its words name the commune, and nobody is asked again."""
    assert WHICH in await wide.says("dan", "hoi thu tuc")
    await wide.says("dan", THERE)
    assert THERE in await wide.says("dan", "làm giấy khai sinh cho cháu cần những giấy tờ gì")
    await wide.says("dan", "gui")
    assert await seats(wide) == [NEIGHBOUR]
    assert await wide.chat_commune("dan") == NEIGHBOUR
    assert WHICH not in await wide.says("dan", "hoi thu tuc")


async def test_legal_aid_is_of_the_commune_that_is_named(wide: Wide) -> None:
    """The case it makes is that commune's."""
    assert WHICH in await wide.says("dan", "tro giup phap ly")
    await wide.says("dan", "1")
    assert await wide.chat_commune("dan") == NEIGHBOUR
    for answer in ("2", "Trần Văn Tý", "0905123456", "bị lấn mất đất không biết kêu ai", "1"):
        told = await wide.says("dan", answer)
    assert CODE.search(told)
    assert await seats(wide) == [NEIGHBOUR]


async def test_a_person_of_the_commune_takes_over(wide: Wide) -> None:
    """Who hears of it is of that commune."""
    assert WHICH in await wide.says("dan", "gap can bo")
    code = code_in(await wide.says("dan", THERE))
    assert await seats(wide) == [NEIGHBOUR]
    assert not any(who in {"vp_lan", "vp_truc", "t_tiep"} for who in wide.hear_of(code))


async def test_who_is_not_understood_is_asked_before_a_person_takes_over(wide: Wide) -> None:
    """At the end of the ladder, with the words that were not understood."""
    for words in ("abc xyz", "hmm", "ừ", "thì", "hmm"):
        told = await wide.says("dan", words)
    assert WHICH in told
    code_in(await wide.says("dan", THERE))
    assert await seats(wide) == [NEIGHBOUR]


async def test_whose_chat_is_known_is_not_asked(wide: Wide) -> None:
    """By a link, or by what was told before."""
    await wide.says("dan", f"x{OURS}")
    assert CODE.search(await wide.says("dan", "gap can bo"))
    assert await seats(wide) == [OURS]


async def test_after_two_names_of_none_the_province_answers(wide: Wide) -> None:
    """Nobody is kept at the question."""
    await wide.says("dan", "gap can bo")
    assert "tên đầy đủ" in await wide.says("dan", "xã Hòa Lạc nào đó")
    assert CODE.search(await wide.says("dan", "gần cầu cũ"))
    assert await seats(wide) == [PROVINCE]


async def test_an_alarm_that_moves_says_so_in_its_own_words(wide: Wide) -> None:
    """No date, and nothing of a unit that took over: who is told now, in the place that was named."""
    await wide.says("dan", "cháy nhà rồi cứu với")
    await wide.says("dan", "thôn 2 xã Bình An Mẫu")
    told = wide.told("dan")
    assert "Đã báo Công an xã" in told
    assert "Hạn trả lời không đổi" not in told


async def test_who_asks_to_be_called_is_asked_which_commune(wide: Wide) -> None:
    """It is a case of the commune that is named."""
    assert WHICH in await wide.says("dan", "gọi lại cho tôi số 0905123456")
    assert "0905 123 456" in await wide.says("dan", THERE)
    assert await seats(wide) == [NEIGHBOUR]


async def test_who_asks_about_data_is_asked_which_commune(wide: Wide) -> None:
    """The same of what the law lets people ask of what is kept of them."""
    await wide.says("dan", "du lieu cua toi")
    await wide.desk.ingest(Arrived("paper", "pressed", "dan", {"tap": "menu:data_request:see"}))
    await commune.work_off(wide.desk)
    assert WHICH in wide.paper.told[-1].message.text
    code_in(await wide.says("dan", THERE))
    assert await seats(wide) == [NEIGHBOUR]

"""Why a case leaves its commune, as each side reads it; and what cannot leave is said not to."""

import pytest

import locales
from services.saying import wording
from tests.services.levels import Province
from tests.storage.province import NEIGHBOUR

THEIRS, PLACE = "It happened in their area", "Nơi có việc thuộc địa bàn nơi nhận"
TIMES = {"vi": "xã đã hết kinh phí năm nay", "en": "no money is left this year"}
CHAIR = "chủ tịch xã nhận hối lộ của chủ mỏ đá"
"""Of whichever commune it is told in."""


async def read(wide: Province, *speaking: str) -> dict[str, str]:
    """Let an officer ask and the chair agree, some of them in English; returns what each was told after."""
    for who in speaking:
        await wide.says(who, "english")
    code = await wide.open()
    await wide.says("kt_tuan", f"nhan {code}")
    before = len(wide.channels["paper"].told)
    await wide.says("kt_tuan", f"chuyen {code} sang xa Binh An")
    await wide.says("kt_tuan", "2")
    await wide.says("chu_tich", f"duyet {code}")
    told: dict[str, str] = {}
    for one in wide.channels["paper"].told[before:]:
        told[one.address] = told.get(one.address, "") + one.message.text + "\n"
    return told


async def test_a_ready_reason_is_read_in_ones_own_language(wide: Province) -> None:
    """An officer who reads English chose it; the citizen, the chair and the neighbour read theirs."""
    told = await read(wide, "kt_tuan")
    for who in ("dan", "chu_tich", "ba_kt_son"):
        assert PLACE in told[who]
        assert THEIRS not in told[who]
    assert THEIRS in told["kt_tuan"]  # on their own card


async def test_an_english_citizen_reads_a_vietnamese_choice(wide: Province) -> None:
    """The same the other way round, of the chair too."""
    told = await read(wide, "dan", "chu_tich")
    for who in ("dan", "chu_tich"):
        assert THEIRS in told[who]
        assert PLACE not in told[who]
    assert PLACE in told["ba_kt_son"]


@pytest.mark.parametrize(
    "key", [key for key in locales.table("vi") if key.startswith("extend.reason.options.")]
)
def test_ready_reasons_for_more_time_too(key: str) -> None:
    """Whichever language it was chosen in."""
    for of in locales.LANGUAGES:
        for language in locales.LANGUAGES:
            said = locales.words(language)(key)
            assert wording.reason(language, locales.words(of)(key)) == said


@pytest.mark.parametrize("said", [*TIMES.values(), "", "Khác"])
def test_ones_own_words_stay_as_they_are(said: str) -> None:
    """Nobody translates them."""
    assert wording.reason("en", said) == said == wording.reason("vi", said)


async def test_what_would_come_back_is_not_moved(wide: Province) -> None:
    """By the head, or asked for: it is said why, the citizen reads of no move, who has it keeps it."""
    code = await wide.open(CHAIR)
    assert await wide.has(code) == "ttra"
    await wide.says("t_kiem_tra", f"nhan {code}")
    before = wide.told("dan")
    for who, words in (
        ("t_chanh", f"chuyen {code} sang xa Binh An Mau"),
        ("t_kiem_tra", f"giao {code} sang xa Binh An Mau"),
    ):
        await wide.says(who, words)
        assert "việc này nói về người ở đó" in await wide.says(who, "1")
    assert wide.told("dan") == before
    assert await wide.has(code) == "ttra"
    async with wide.at(code) as (_, case):
        assert case.officer_id is not None


async def test_what_speaks_of_nobody_there_goes(wide: Province) -> None:
    """As before."""
    code = await wide.open()
    await wide.says("chu_tich", f"chuyen {code} sang xa Binh An Mau")
    await wide.says("chu_tich", "2")
    async with wide.at(code) as (work, case):
        assert work.desk.directory.seat(case.unit_id) == NEIGHBOUR


async def test_what_is_over_elsewhere_is_not_offered_back(wide: Province) -> None:
    """Whoever gave it away reads that it is over, and not whom to ask for it."""
    code = await wide.open()
    await wide.says("chu_tich", f"chuyen {code} sang xa Binh An Mau")
    await wide.says("chu_tich", "2")
    assert "Muốn việc về lại" in await wide.says("chu_tich", code)
    await wide.says("ba_kt_son", f"nhan {code}")
    await wide.says("ba_kt_son", f"tl {code} Sáng 16/11 đội đã nạo vét cống đầu thôn 1, nước rút hết.")
    shown = await wide.says("chu_tich", code)
    assert "đã xong ở đó" in shown
    assert "Muốn việc về lại" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "I think the drain ends in that ditch, next to Binh An Mau commune",
        "A lorry comes to Tan Lap Mau daily",
    ],
)
async def test_an_officers_english_keeps_the_communes_name(wide: Province, text: str) -> None:
    """“To” before a name is no “tớ”."""
    assert f"“{text}”" in await wide.says("kt_tuan", text)

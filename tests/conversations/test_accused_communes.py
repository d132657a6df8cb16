"""Whoever is accused as one of several communes reads nothing of it, however it is told, wherever it goes."""

import pytest

from scheduler.clock import tick
from services.standing import exclusion
from storage.people import people
from tests.conversations.wide import Wide, code_in
from tests.services.two_channels import case_of
from tests.storage.commune import work_off
from tests.storage.province import NEIGHBOUR, OURS

CHAIRS, POLICE, SECRETARIES = (
    {"chu_tich", "ba_chu_tich"},
    {"ca_truong", "ca_dung", "ba_ca_dung"},
    {"bi_thu", "ba_bi_thu"},
)
ECONOMY = {"kt_truong", "kt_tuan", "ba_kt_truong", "ba_kt_son"}
DOORS = ("{}", "nhan {}", "viec", "tìm tiền")
TOLD = ("ăn tiền", "nhận hối lộ", "bảo kê", "thông đồng", "chia nhau", "take bribes", "an tien")
ANSWERS = {
    "phải không ạ": "1",
    "Việc này ở đâu": "thôn 1",
    "thuộc về gì": "1",
    "Where is it": "thôn 1",
    "What is it about": "1",
}


async def sent(wide: Wide, page: str, *words: str, who: str = "dan") -> str:
    """Let a citizen tell something on a commune's page and send it. Returns what they read last."""
    await wide.says(who, f"x{page}")
    for text in words:
        told = await wide.says(who, text)
    for _ in range(6):
        if "Mã: " in told or "Code: " in told:
            return told
        told = await wide.says(who, next((said for asked, said in ANSWERS.items() if asked in told), "gui"))
    raise AssertionError(told)


async def outside(wide: Wide, code: str) -> set[str]:
    """Return who of the accused there might be stands outside a case."""
    found = set[str]()
    async with wide.store.work() as work:
        case = await case_of(work, code)
        for who in (*CHAIRS, *POLICE, *SECRETARIES, *ECONOMY, "t_chanh", "vp_chanh"):
            person = await people.person_by_code(work, who)
            assert person is not None
            found |= {who} if exclusion.shut_out(work, case, person.id) else set()
    return found


async def goes_round(wide: Wide, code: str) -> None:
    """Let it be handed to each commune and to who is named there, and grow older by two days."""
    for words in ("chuyen {} sang xa Binh An Mau", "chuyen {} sang xa Tan Lap Mau", "giao {} cho Công an xã"):
        await wide.says("t_chanh", words.format(code))
        await wide.says("t_chanh", "1")
        await wide.says("t_chanh", "huy")
    wide.clock.pass_(hours=48)
    while await tick(wide.store):
        pass
    await work_off(wide.desk)


async def reads_nothing(wide: Wide, code: str, accused: set[str]) -> None:
    """Assert that none of these was told of it, nor finds it at any door."""
    for who in sorted(accused):
        for door in DOORS:
            await wide.says(who, door.format(code))
            await wide.says(who, "huy")
        mine = wide.told(who)
        assert not [words for words in TOLD if words in mine], (who, mine)


STORIES = [
    (OURS, "chủ tịch xã Tân Lập Mẫu và xã Bình An Mẫu thông đồng ăn tiền bán đất của dân", CHAIRS),
    (NEIGHBOUR, "chủ tịch UBND xã Bình An Mẫu và xã Tân Lập Mẫu ăn tiền cứu trợ của dân", CHAIRS),
    (OURS, "chu tich hai xa Tan Lap Mau, Binh An Mau an tien cua chu mo da", CHAIRS),
    (OURS, "The chairman of Tan Lap Mau commune and Binh An Mau commune take bribes", CHAIRS),
    (OURS, "chủ tịch xã Tân Lập Mẫu ăn tiền của dân. Cả xã Bình An Mẫu cũng vậy", CHAIRS),
    (OURS, "công an xã Bình An Mẫu và Tân Lập Mẫu bảo kê sòng bạc, nhận tiền hàng tháng", POLICE),
    (OURS, "bí thư Đảng ủy xã Tân Lập Mẫu và Bình An Mẫu chia nhau tiền đền bù", SECRETARIES),
    (OURS, "cán bộ địa chính xã Tân Lập Mẫu lẫn Bình An Mẫu thông đồng bán đất công", ECONOMY),
    (OURS, "chủ tịch xã mình với xã bên cạnh nhận hối lộ của chủ mỏ đá", CHAIRS),
]


@pytest.mark.parametrize(("page", "story", "accused"), STORIES)
async def test_all_who_are_named_read_nothing_at_any_later_step(
    wide: Wide, page: str, story: str, accused: set[str]
) -> None:
    """Handed to either commune, asked for, late, looked up: and the sender reads who is kept out."""
    told = await sent(wide, page, story)
    code = code_in(told)
    assert await outside(wide, code) >= accused
    assert wide.hear_of(code).isdisjoint(accused)
    kept = next(line for line in told.splitlines() if "🔒" in line)
    assert all(name in kept for name in ("xã Tân Lập Mẫu", "xã Bình An Mẫu") if accused is not CHAIRS) or (
        "(xã " in kept
    )
    await goes_round(wide, code)
    assert await outside(wide, code) >= accused
    await reads_nothing(wide, code, accused)


LATER = (
    "cả xã Bình An Mẫu cũng vậy",
    "bên xã Bình An Mẫu cũng ăn tiền luôn",
    "chủ tịch xã Bình An Mẫu nữa",
    "xã bên cạnh cũng thế",
    "ong Toan xa Binh An Mau cung an tien",
)


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("sooner", [True, False])
async def test_who_is_named_in_a_later_message_is_out_too(wide: Wide, later: str, *, sooner: bool) -> None:
    """Before it is sent and after."""
    story = ("chủ tịch xã Tân Lập Mẫu ăn tiền bán đất của dân", "thôn 1")
    code = code_in(await sent(wide, OURS, *story, *((later,) if sooner else ())))
    if not sooner:
        assert "ba_chu_tich" not in await outside(wide, code)
        await wide.says("dan", "1")
        await wide.says("dan", later)
        assert "Nghiêm Văn Toàn" in wide.told("dan")
    assert await outside(wide, code) >= CHAIRS
    await reads_nothing(wide, code, CHAIRS)


async def test_sealed_and_at_the_counter_both_are_out(wide: Wide) -> None:
    """Whoever writes it down reads no more of it."""
    for words in (
        "nhap ho",
        "chủ tịch xã Bình An Mẫu và xã Tân Lập Mẫu ăn tiền của dân ở thôn 1",
        "1",
        "1",
        "1",
        "1",
        "1",
    ):
        told = await wide.says("vp_lan", words)
    code = code_in(wide.told("t_kiem_tra"))
    assert code in told or code in wide.told("vp_lan")
    assert await outside(wide, code) >= CHAIRS
    await wide.says("dan", f"x{OURS}")
    for words in (
        "gui kin",
        "công an xã Tân Lập Mẫu và xã Bình An Mẫu bảo kê sòng bạc ở thôn 2",
        "1",
        "1",
        "gui",
    ):
        await wide.says("dan", words)
    wide.clock.pass_(hours=48)  # what is sealed is opened later, among others
    while await tick(wide.store):
        pass
    await work_off(wide.desk)
    cases = {one.strip(":.") for one in wide.told("t_kiem_tra").split() if one[2:3] == "-"} - {code}
    assert len(cases) == 1
    assert await outside(wide, cases.pop()) >= POLICE


@pytest.mark.parametrize(
    ("story", "accused", "innocent"),
    [
        ("chánh văn phòng tỉnh nhận tiền chạy việc ở thôn 1", "Lương Quang Hiển", "Nguyễn Hữu Khoa"),
        ("chánh văn phòng UBND tỉnh nhận tiền chạy việc ở thôn 1", "Lương Quang Hiển", "Nguyễn Hữu Khoa"),
        ("chủ tịch xã bên cạnh nhận hối lộ ở thôn 1", "Nghiêm Văn Toàn", "Hoàng Đức Thịnh"),
        ("chu tich xa khac nhan hoi lo o thon 1", "Nghiêm Văn Toàn", "Hoàng Đức Thịnh"),
    ],
)
async def test_no_innocent_of_the_commune_is_named_to_the_sender(
    wide: Wide, story: str, accused: str, innocent: str
) -> None:
    """Whoever has the post elsewhere is, and stays out where it goes."""
    told = await sent(wide, OURS, story)
    assert accused in told
    assert innocent not in wide.told("dan")
    if "tỉnh" not in story:  # the communes' chairs stand below the province's office
        assert not await outside(wide, code_in(told)) & {"chu_tich", "vp_chanh"}

"""What is said of a case that crossed a border is true: when, who is late, whom to call, who has it."""

import pytest

from tests.conversations.player import Player

OPENED = """# x
# in the province
@ thứ Sáu 13/11/2026 09:00
citizen: đường thôn 3 ổ gà sâu, xe máy ngã mấy lần rồi
citizen: [Đúng, gửi đi]
"""
CODE = "LM-6NYWV4N"
UP = f"head: chuyen {CODE} sang so xay dung\nhead: 1\n"


def read_by(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(one.message.text for one in player.paper.told if one.address == who)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("", "Bà con đã được báo."),
        ("… until 14/11 10:00\n", "Bà con sẽ được báo lúc 07:00 thứ Hai 16/11/2026."),
        ("… until 13/11 23:00\n", "Bà con sẽ được báo lúc 07:00 thứ Hai 16/11/2026."),
    ],
)
async def test_it_is_told_once_the_citizen_is(player: Player, when: str, said: str) -> None:
    """At night and on days off the citizen sleeps: then it is said when they will read it."""
    await player.play(OPENED + when + UP)
    assert said in read_by(player, "head")
    assert ("Sở Xây dựng" in read_by(player, "citizen")) is (said == "Bà con đã được báo.")


async def test_who_is_late_asks_for_patience(player: Player) -> None:
    """The department's lateness is not the commune's, nor is its telephone; what is over is no term."""
    back = f"province_head: chuyen {CODE} ve xa Tan Lap Mau\nprovince_head: 1\n"
    await player.play(f"{OPENED}{UP}… until 27/11 16:00\n{back}")
    late = next(text for text in read_by(player, "citizen").split("Việc ") if "đã quá hạn trả lời" in text)
    assert "Sở Xây dựng (tỉnh Mẫu) mong bà con thông cảm" in late
    assert "Văn phòng UBND tỉnh (tỉnh Mẫu): 0200 000 0100" in late
    assert "Việc đã quá hạn từ" in read_by(player, "province_head")


@pytest.mark.parametrize(
    "asked",
    [
        f"{CODE} gio ai giu",
        "gio ai giu viec cua toi vay",
        "ai đang lo vụ này",
        "bao gio xong, ai dang lo",
        "who has my case now and why is it moved",
        "sao chuyen qua chuyen lai hoai",
    ],
)
async def test_who_asks_who_has_it_is_told(player: Player, asked: str) -> None:
    """By unit and place, with the reason; nobody else hears of the question."""
    await player.play(OPENED + UP)
    before = len(player.paper.told)
    await player.say("citizen", {"text": asked}, silent=True)
    assert {one.address for one in player.paper.told[before:]} == {"citizen"}
    told = player.paper.told[-1].message.text
    assert f"{CODE} đang ở Sở Xây dựng (tỉnh Mẫu), chờ cán bộ nhận việc." in told
    assert "Lý do chuyển: " in told


async def test_how_far_it_is_names_who_has_it(player: Player) -> None:
    """Taken or not; what stands in brackets has none of its own."""
    await player.play(
        f"{OPENED}{UP}citizen: tien do {CODE}\ndepartment: nhan {CODE}\ncitizen: tien do {CODE}\n"
    )
    told = read_by(player, "citizen")
    assert f"{CODE} đang ở Sở Xây dựng (tỉnh Mẫu), chờ" in told
    assert f"{CODE} đang do Kiều Quang Vinh (Sở Xây dựng, tỉnh Mẫu) xử lý." in told


@pytest.mark.parametrize("words", [f"lay lai {CODE}", f"xin lai {CODE}", f"{CODE} lay lai", CODE])
async def test_who_gave_it_up_reads_where_it_lies(player: Player, words: str) -> None:
    """Nobody takes it from whoever has it; a head of the commune it left reads whom to ask."""
    await player.play(f"{OPENED}{UP}head: {words}\n")
    told = player.paper.told[-1]
    assert told.address == "head"
    assert f"{CODE} nay ở Sở Xây dựng (tỉnh Mẫu), do Hoàng Đức Thịnh" in told.message.text
    assert "lãnh đạo tỉnh Mẫu" in told.message.text


async def test_where_a_kept_case_lies_is_not_said(player: Player) -> None:
    """What left because it speaks of them leaves no trace of where it went."""
    await player.play(
        f"{OPENED}{UP}citizen: {CODE} ông Hoàng Đức Thịnh đòi 5 triệu mới làm\nhead: lay lai {CODE}\n"
    )
    assert "nay ở Sở Xây dựng" not in player.paper.told[-1].message.text


@pytest.mark.parametrize(
    "words",
    [
        f"{CODE} cho nay thuoc tinh, duong cua tinh",
        f"{CODE} cho nay thuoc tinh",
        "viec nay cua tinh",
    ],
)
async def test_an_officer_says_that_it_is_the_provinces(player: Player, words: str) -> None:
    """They are asked why, nothing of it is an answer to the citizen."""
    await player.play(f"{OPENED}officer: nhan {CODE}\nofficer: {words}\n")
    assert "Vì sao chuyển" in player.paper.told[-1].message.text


@pytest.mark.parametrize(
    "words",
    [f"{CODE} duong nay tinh da giao xa Tan Lap Mau quan ly, tra lai xa", "tra lai xa", f"{CODE} tra lai xa"],
)
async def test_the_province_gives_it_back(player: Player, words: str) -> None:
    """To the commune in which it is."""
    await player.play(f"{OPENED}{UP}department: nhan {CODE}\ndepartment: {words}\n")
    assert "Vì sao chuyển" in player.paper.told[-1].message.text


async def test_days_away_until_a_day_are_no_answer(player: Player) -> None:
    """With a case in hand or without: who stands in is asked."""
    await player.play(f"{OPENED}officer: nhan {CODE}\nofficer: mai toi nghi den 20/11\n")
    assert "20/11" in player.paper.told[-1].message.text
    assert "trả lời bà con" not in player.paper.told[-1].message.text


async def test_who_decides_too_late_reads_who_decided(player: Player) -> None:
    """The other head is told who moved it and where it lies; what they may do is not denied untruly."""
    asked = f"officer: nhan {CODE}\nofficer: {CODE} chuyen len tinh\nofficer: 1\n"
    await player.play(f"{OPENED}{asked}head: duyet {CODE}\nparty: duyet {CODE}\n")
    told = player.paper.told[-1]
    assert told.address == "party"
    assert f"{CODE} nay ở Sở Xây dựng (tỉnh Mẫu), do Hoàng Đức Thịnh chuyển." in told.message.text


async def test_what_the_button_offers_words_do_too(player: Player) -> None:
    """Who may take a case over takes one that nobody has by “nhan” as well."""
    await player.play(f"{OPENED}head: nhan {CODE}\n")
    assert "Đã nhận việc" in read_by(player, "head")


async def test_why_it_goes_is_asked_with_where(player: Player) -> None:
    """The unit is named with its place before a reason is given."""
    await player.play(f"{OPENED}head: chuyen {CODE} sang so xay dung\n")
    assert f"Vì sao chuyển {CODE} đến Sở Xây dựng (tỉnh Mẫu)?" in player.paper.told[-1].message.text


async def test_reopening_is_answered_in_words_too(player: Player) -> None:
    """“Mở lại” says what the button beside it says."""
    answered = (
        f"officer: tl {CODE} Đã lấp ổ gà đoạn đầu thôn 3 sáng nay, mặt đường đã bằng phẳng.\nofficer: 1\n"
    )
    rated = "citizen: 1 sao\ncitizen: 1\ncitizen: mo lai\n"
    await player.play(f"{OPENED}officer: nhan {CODE}\n{answered}{rated}")
    asked, told = (
        one.message.text for one in [one for one in player.paper.told if one.address == "citizen"][-2:]
    )
    assert "mở lại hồ sơ" in asked
    assert "mở lại hồ sơ" not in told
    assert "mở lại" in told.lower()


async def test_officials_are_not_called_citizens(player: Player) -> None:
    """What they leave is left in words for them."""
    await player.play(f"{OPENED}officer: {CODE} chuyen\nofficer: huy\nofficer: LM-0000000\n")
    assert "bà con cứ nhắn" not in read_by(player, "officer")


async def test_who_gets_it_is_who_may_use_it(player: Player) -> None:
    """What accuses the commune's chair goes past the commune: consent and receipt name the province."""
    chair = "chủ tịch xã Hoàng Đức Thịnh nhận hối lộ của dân thôn 3"
    await player.play(f"# x\n# in the province\n@ thứ Sáu 13/11/2026 09:00\ncitizen: {chair}\n")
    assert "bà con đồng ý cho tỉnh Mẫu dùng" in read_by(player, "citizen")
    await player.say("citizen", {"tap": player._action(0, "citizen", "Đúng, gửi đi")}, silent=True)
    assert "Tỉnh Mẫu đã nhận ý kiến của bà con." in read_by(player, "citizen")

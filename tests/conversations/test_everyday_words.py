"""Officials say things in their own words: what can be done is done, else they read what does it."""

import pytest

from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
CODE = "LM-6NYWV4N"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk with one case nobody has."""
    await player.seats(("officer", "supervisor", "head", "police"))
    await player.sit({"kt_thao": "colleague"})
    await player.say("citizen", {"text": DRAIN})
    await player.say("citizen", {"text": "1"})
    return player


async def said(player: Player, who: str, text: str) -> str:
    """Say something; returns the answer."""
    await player.say(who, {"text": text})
    return [one.message.text for one in player.paper.told if one.key.startswith("reply:")][-1]


@pytest.mark.parametrize(
    "words",
    [
        f"giao {CODE} Thảo",
        f"giao {CODE} cho Thao",
        f"Giao lại {CODE} cho chị Thảo",
        f"giao cho Thao {CODE}",
        f"phan cong {CODE} cho dong chi Thao",
        f"giao viec {CODE} Bùi Phương Thảo",
    ],
)
async def test_a_chief_gives_a_case_by_name(desk: Player, words: str) -> None:
    """With and without diacritics, the name before the code or behind it."""
    assert await said(desk, "supervisor", words) == f"Đã giao {CODE} cho Bùi Phương Thảo."


@pytest.mark.parametrize("words", [f"giao {CODE} cho Công an xã", f"chuyen {CODE} cho cong an xa"])
async def test_a_head_gives_a_case_to_a_unit_by_name(desk: Player, words: str) -> None:
    """Whichever verb they use."""
    assert await said(desk, "head", words) == f"Đã giao {CODE} cho Công an xã."


async def test_a_name_that_is_nobodys_is_asked_for(desk: Player) -> None:
    """Nothing is done meanwhile."""
    assert "Không thấy" in await said(desk, "supervisor", f"giao {CODE} cho anh Mười")
    assert not [one for one in desk.paper.told if "nay do" in one.message.text]


@pytest.mark.parametrize("words", [f"chuyen {CODE} cho cong an", f"chuyển sang Công an xã {CODE}"])
async def test_an_officer_hands_on_to_a_unit_by_name(desk: Player, words: str) -> None:
    """Only why is still asked."""
    assert "Vì sao chuyển" in await said(desk, "officer", words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (f"giao {CODE} Thảo", "Giao người khác là việc của lãnh đạo"),
        (f"tra lai {CODE}", "không trả lại được"),
        (f"trả lại {CODE} cho lãnh đạo", "không trả lại được"),
        (f"nhận việc {CODE}", "Đã nhận việc"),
        (f"tiep nhan {CODE}", "Đã nhận việc"),
        ("thống kê", "1 hồ sơ đang có"),
        ("bao nhieu viec", "1 hồ sơ đang có"),
        ("tìm cống", "có “cong”"),
        ("tim cay do", "Không thấy việc nào"),
        ("nghi phep", "Anh/chị nghỉ ngày nào"),
        ("xin nghỉ phép 20/11", "Ai làm thay"),
        ("het nghi", "không có lịch nghỉ"),
        ("hủy nghỉ phép", "không có lịch nghỉ"),
        ("gia hạn", "việc nào ạ"),
        ("tra loi ba con", "việc nào ạ"),
    ],
)
async def test_an_officer_is_understood_or_told_what_does_it(desk: Player, words: str, told: str) -> None:
    """Nothing of it is taken for somebody's opinion."""
    assert told in await said(desk, "officer", words)


@pytest.mark.parametrize("words", ["hoi ba con", "hỏi bà con", "hoi nguoi dan", "hoi lai"])
async def test_asking_the_citizen_in_ones_own_words(desk: Player, words: str) -> None:
    """What follows the code is the question."""
    await desk.say("officer", {"text": f"nhan {CODE}"})
    assert "Đã gửi câu hỏi" in await said(desk, "officer", f"{words} {CODE} cống đoạn nào ạ?")


async def test_a_chief_reads_how_the_units_stand(desk: Player) -> None:
    """Of “thống kê”."""
    assert "Các đơn vị hiện nay" in await said(desk, "supervisor", "thong ke")


async def test_a_search_looks_at_nothing_but_what_lists_show(desk: Player) -> None:
    """An officer of another unit finds nothing, nor the end of a word."""
    assert "Không thấy" in await said(desk, "police", "tim cong thon 3")
    assert "Không thấy" in await said(desk, "officer", "tim ga")


@pytest.mark.parametrize(
    "words",
    [
        "thống kê hộ nghèo thôn 3 sai rồi, nhà tôi không có tên",
        "nghỉ phép của công nhân nhà máy ở thôn 2 không được trả lương",
        "tìm giúp tôi con trâu lạc ở thôn 3",
        "báo cáo của xã về nước sạch thôn 3 không đúng",
    ],
)
async def test_the_same_words_of_a_citizen_are_a_story(desk: Player, words: str) -> None:
    """They are told on as they were said."""
    told = await said(desk, "neighbour", words)
    assert "Anh/chị" not in told
    assert "Tổ tiếp nhận chưa rõ" not in told


@pytest.mark.parametrize(
    "words", [f"chuyển {CODE} cho ai rồi ạ", f"giao {CODE} cho Thảo đi", f"gia hạn {CODE} làm gì nữa"]
)
async def test_a_citizen_who_speaks_so_of_their_case_adds_to_it(desk: Player, words: str) -> None:
    """Only officials hand cases about."""
    assert "Đã chuyển thêm" in await said(desk, "citizen", words)


async def test_danger_is_no_search(desk: Player) -> None:
    """“Tìm” is also how somebody cries for help."""
    told = await said(desk, "officer", "tim giup, chau be bi nuoc cuon mat roi o thon 3")
    assert "GỌI NGAY" in told


async def test_an_official_is_not_called_a_citizen(desk: Player) -> None:
    """Where what they typed is none of the choices."""
    await desk.say("officer", {"text": "đường thôn 2 lún sâu, xe máy ngã mấy lần rồi"})
    told = await said(desk, "officer", "9")
    assert told.startswith(("Anh/chị", "Số này"))
    assert "Bà con" not in told

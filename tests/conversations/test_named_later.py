"""Who names an official in a few words, at whatever question or after it is sent, is not read by them."""

import pytest

from tests.conversations.player import OFFICIALS, Player

GONE = "không dùng nữa"


async def told(player: Player, *said: str) -> dict[str, str]:
    """Let somebody say these. Returns what each official hears, the last words apart under `last:`."""
    await player.seats(OFFICIALS)
    await player.sit({code: code for code in ("ca_truong", "ca_nga", "ca_dung", "hcc_ha")})
    before = 0
    for words in said:
        before = len(player.paper.told)
        await player.say("citizen", {"text": words}, silent=True)
    heard: dict[str, str] = {}
    for at, one in enumerate(player.paper.told):
        for name in (one.address, *([f"last:{one.address}"] if at >= before else [])):
            heard[name] = f"{heard.get(name, '')}\n{one.message.text}"
    return heard


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (("co nguoi doi tien toi khi lam so do", "la ong tuan do", "thon 3", "1", "1"), "officer"),
        (("đất tôi bị đo thiếu", "ông Tuân đo đó", "thôn 3", "1", "1"), "officer"),
        (("hộ khẩu nhà tôi sai tên", "cô Nga ghi sai", "thôn 3", "1", "1"), "ca_nga"),
        (("o mot cua co nguoi chui toi", "chi ha", "thon 3", "1", "1"), "hcc_ha"),
        (("ông ấy lấy tiền của tôi", "ông chủ tịch ấy", "thôn 3", "1", "1"), "head"),
        (("lam can cuoc", "cô nga đòi 500k", "thôn 3", "1", "1"), "ca_nga"),
    ],
)
async def test_an_answer_that_names_somebody_is_heard_as_the_story(
    player: Player, said: tuple[str, ...], who: str
) -> None:
    """The place is asked again, and they hear nothing at all."""
    heard = await told(player, *said)
    assert "thôn" in heard["citizen"]
    assert "Mã: LM" in heard["citizen"]
    assert who not in heard


@pytest.mark.parametrize("place", ["nhà ông Tuân", "cạnh nhà chị Hà thôn 2", "đối diện quán cô Nga"])
async def test_a_house_is_a_place(player: Player, place: str) -> None:
    """Whoever lives there is told nothing of."""
    heard = await told(player, "cống tắc hoài", place, "1", "1")
    assert place in heard["officer"]


@pytest.mark.parametrize(
    "words",
    [
        "ông Tuân ấy mà",
        "tại ổng chứ ai",
        "lần trước báo ông Tuân rồi ổng kệ",
        "em vo ong sang thau cai cong nay",
        "đừng cho ông Tuân biết nhé",
        "toi so phong kinh te tra thu",
    ],
)
async def test_later_words_in_doubt_are_kept_from_who_has_it(player: Player, words: str) -> None:
    """Whoever had it reads that it is theirs no longer, or that it went elsewhere."""
    heard = await told(player, "cống thôn 3 tắc", "1", words)
    assert words not in heard["officer"]
    assert words in heard["head"]


@pytest.mark.parametrize("words", ["anh Tuân ơi xuống coi giúp", "anh Tuân xuống xem rồi ạ"])
async def test_who_is_called_thanked_or_came_to_look_goes_on_reading(player: Player, words: str) -> None:
    """It is said to them."""
    heard = await told(player, "cống thôn 3 tắc", "1", words)
    assert words in heard["officer"]
    assert GONE not in heard["officer"]


async def test_violence_of_another_unit_reaches_the_police_and_all_heads_at_once(player: Player) -> None:
    """Its chiefs read of it, those who go there hear the danger; the accused and his unit hear nothing."""
    heard = await told(player, "anh tuan kinh te dang cam dao doa toi")
    assert "dao" in heard["ca_truong"]
    assert "dao" in heard["head"]
    assert "Có người bị đánh" in heard["duty"]
    assert "Có người bị đánh" in heard["ca_dung"]
    assert "dao" not in heard["duty"] + heard["ca_dung"]
    assert not {"officer", "colleague"} & heard.keys()


async def test_violence_of_a_policeman_reaches_none_of_them(player: Player) -> None:
    """A given name is enough where his own would come."""
    heard = await told(player, "thằng Dũng đang đánh em")
    assert not {"ca_truong", "ca_nga", "ca_dung"} & heard.keys()
    assert "đánh em" in heard["head"]


@pytest.mark.parametrize(
    "words", ["quan xã ăn chặn tiền lũ lụt", "người đứng đầu xã này bao che cho cát tặc"]
)
async def test_words_for_all_heads_are_read_by_one_who_is_not_named(player: Player, words: str) -> None:
    """Nothing is refused while somebody is not named."""
    heard = await told(player, words, "thôn 3", "1", "1", "1")
    assert words in heard["party"]
    assert "head" not in heard


async def test_what_nobody_may_read_is_given_back(player: Player) -> None:
    """With where else to turn."""
    words = "chủ tịch Thịnh và bí thư Hương ăn tiền"
    heard = await told(player, words, "thôn 3", "1")
    assert "Thanh tra tỉnh" in heard["last:citizen"]
    assert words in heard["last:citizen"]


@pytest.mark.parametrize(
    "words",
    [
        "ai đã xem tin của tôi",
        "ông Tuân có biết không",
        "ai doc duoc cai nay",
        "những ai xem được tin của tôi vậy",
        "có ai đọc chưa",
        "da gui cho ai roi",
    ],
)
async def test_who_has_read_it_is_answered_and_not_passed_on(player: Player, words: str) -> None:
    """Whoever asks is perhaps afraid of somebody."""
    heard = await told(player, "cống thôn 3 tắc", "1", words)
    assert "Ai đã xem LM" in heard["last:citizen"]
    assert "last:officer" not in heard


async def test_whose_house_it_is_does_not_get_it_where_that_is_an_official(player: Player) -> None:
    """It is not kept close, and colleagues have it: it may be about them, or a lamp is broken there."""
    heard = await told(player, "mở nhạc ồn cả đêm", "nhà anh Dũng công an thôn 2", "1", "1")
    assert "Giữ kín" not in heard["citizen"]
    assert "ca_dung" not in heard
    assert "ca_nga" in heard


async def test_whose_house_it_is_is_out_when_it_is_told_later(player: Player) -> None:
    """Behind the matter such words say who did it."""
    heard = await told(player, "hàng xóm thôn 2 hát karaoke ầm ĩ", "1", "1", "nhà anh Dũng công an đó")
    assert "nhà anh Dũng" not in heard.get("ca_dung", "")


async def test_whose_son_beat_the_child_is_not_called_out(player: Player) -> None:
    """He hears no word of it, though he alone was told of the danger."""
    heard = await told(player, "có kẻ đánh con tôi thôn 2", "có", "thằng đó là con ông Cường công an")
    assert "con ông" not in heard["ca_truong"]
    assert "LM-" in heard["head"]


async def test_who_is_named_beside_how_it_goes_does_not_get_it(player: Player) -> None:
    """Nothing they did is told in words of any list, and nobody is thanked or asked for."""
    words = "Em nộp hồ sơ kết hôn ở thôn 2, chị Hà hỏi “không có gì cho chị à”"
    heard = await told(player, words, "1", "1")
    assert "Mã: LM" in heard["citizen"]
    assert "hcc_ha" not in heard


@pytest.mark.parametrize("answer", ["thịnh", "Thinh", "là thịnh", "ten la thinh", "chủ tịch thịnh"])
async def test_a_bare_name_answers_of_whom_it_is_told(player: Player, answer: str) -> None:
    """However it is typed: they are asked for so that they can be kept out."""
    heard = await told(player, "cán bộ đòi tiền tôi thôn 3", answer, "1")
    assert "Mã: LM" in heard["citizen"]
    assert "head" not in heard


@pytest.mark.parametrize("answer", ["Khoa", "khoa văn phòng", "Lan, Nga"])
async def test_every_name_in_the_answer_counts(player: Player, answer: str) -> None:
    """Two people, or a name with the office beside it."""
    heard = await told(player, "cán bộ đòi tiền tôi thôn 3", answer)
    names = {"Khoa": "Nguyễn Hữu Khoa", "khoa văn phòng": "Nguyễn Hữu Khoa", "Lan, Nga": "Lan"}
    assert "không được xem" in heard["last:citizen"]
    assert names[answer] in heard["last:citizen"]


async def test_who_is_told_to_have_done_it_while_it_goes_on_reads_no_more(player: Player) -> None:
    """A bare name behind the danger is who it was."""
    heard = await told(player, "trộm đang vào nhà tôi ở thôn 2", "là dũng")
    assert "là dũng" not in heard["ca_dung"]


async def test_whose_house_it_is_is_out_where_more_is_told_of_them(player: Player) -> None:
    """A neighbour, or the official of that name."""
    heard = await told(player, "Cống trước nhà anh Tuân thôn 3 bị ảnh xây bậc tam cấp lấp mất", "1", "1")
    assert "Mã: LM" in heard["citizen"]
    assert "officer" not in heard


async def test_an_answer_to_whoever_asks_may_tell_what_they_did(player: Player) -> None:
    """“Anh” is whoever asks."""
    await told(player, "đèn đường thôn 3 hỏng cả tuần nay, tối om", "1", "1")
    code = next(t.message.copy for t in player.paper.told if t.message.copy)
    await player.say("officer", {"text": f"nhan {code}"})
    await player.say("officer", {"text": f"hoi {code} Cột đèn nào ạ?"})
    before = len(player.paper.told)
    await player.say(
        "citizen", {"text": "anh hôm trước đòi tôi 300 nghìn ngoài quán, tôi chưa có"}, silent=True
    )
    new = [one.message.text for one in player.paper.told[before:] if one.address == "officer"]
    assert not any("300" in text for text in new)


@pytest.mark.parametrize(
    ("story", "blame", "who"),
    [
        ("nhà anh Dũng công an ở thôn 2 đang cháy", "chính anh ta đốt", "ca_dung"),
        ("cống trước nhà anh Tuân thôn 3 tắc hoài", "chính anh ta lấp cống đấy", "officer"),
        ("đường trước nhà anh Tuân thôn 3 bị đào bới", "ông ta đào rồi thu tiền bà con", "officer"),
    ],
)
async def test_whoever_is_pointed_at_later_is_whose_house_was_named(
    player: Player, story: str, blame: str, who: str
) -> None:
    """“Anh ta” is the only one who was named."""
    heard = await told(player, story, *(() if "cháy" in story else ("1", "1")), blame)
    assert blame not in heard.get(who, "")

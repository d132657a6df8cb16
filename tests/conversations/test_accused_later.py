"""Whoever has a case is shut out of it, as if named, by what is said of them later; others go on reading."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.ground.tables import Case
from tests.conversations.player import OFFICIALS, Player

LAMP = "den duong thon 1 hu lau roi"
HANDED_ON = "đã được giao cho đơn vị khác."
"""What whoever had a case hears of any that is handed on."""


async def told_later(player: Player, *said: str, who: str = "officer", story: str = LAMP) -> list[str]:
    """Let somebody take a case, then say these ("who: words"). Returns what the unit hears after that."""
    await player.seats(OFFICIALS)
    for words in (story, "1"):
        await player.say("citizen", {"text": words}, silent=True)
    async with player.store.read() as work:
        code = (await work.session.scalars(select(Case.code))).first()
    await player.say(who, {"text": f"nhan {code}"}, silent=True)
    before = len(player.paper.told)
    for line in said:
        speaker, _, words = line.partition(": ")
        player.clock.at += timedelta(minutes=1)
        before = len(player.paper.told) if speaker == "citizen" else before
        await player.say(speaker, {"text": words.format(c=code)}, silent=True)
    heard = [
        d for d in player.paper.told[before:] if d.address in {"officer", "colleague", "supervisor", who}
    ]
    return [d.message.text for d in heard]


@pytest.mark.parametrize(
    "words",
    [
        "doan truoc nha, ma nguoi nhan viec nay doi toi 500k moi sua",
        "ma ong nhan viec do hom bua xuong nha toi xin tien nhau moi sua",
        "ông này hôm bữa đòi tiền tôi đó",
    ],
)
async def test_who_asked_does_not_read_the_answer_that_accuses_them(player: Player, words: str) -> None:
    """By what they do with the case, or only pointed at."""
    heard = await told_later(player, "officer: hoi {c} Đoạn nào ạ?", f"citizen: {words}")
    assert heard
    assert not [text for text in heard if not text.endswith(HANDED_ON)]


@pytest.mark.parametrize(
    "words",
    [
        "anh can bo nhan viec cua toi vua goi doi boi duong",
        "{c} ong Tuan nhan viec nay doi toi 5 trieu",
    ],
)
async def test_who_has_it_does_not_read_what_is_added(player: Player, words: str) -> None:
    """Nobody need have asked."""
    heard = await told_later(player, f"citizen: {words}")
    assert not [text for text in heard if not text.endswith(HANDED_ON)]


async def test_who_asked_reads_an_answer_that_accuses_nobody(player: Player) -> None:
    """Who only says where it is, or that nobody came, says it to whoever has it."""
    heard = await told_later(
        player, "officer: hoi {c} Đoạn nào ạ?", "citizen: doan truoc nha ong Ba, xe hay qua"
    )
    assert [text for text in heard if "doan truoc nha" in text]


@pytest.mark.parametrize(
    ("parts", "last"),
    [
        (("anh Đỗ Anh Tuân", "bắt tôi nộp", "năm triệu", "không có biên lai"), "năm triệu"),
        (("Tuân", "nó ăn tiền"), "nó ăn tiền"),
        (("tôi phải đưa", "phong bì"), "phong bì"),
        (("cán bộ Tuân", "vòi 500k"), "vòi 500k"),
        (("tuan", "doi", "2 trieu"), "2 trieu"),
        (("tôi gặp anh Tuân", "ảnh nói khó lắm", "phải có quà mới làm"), "phải có quà"),
        (("nguoi nhan viec nay", "doi 500k"), "doi 500k"),
        (("nó ăn tiền",), "nó ăn tiền"),
        (("nó đòi tiền tôi",), "nó đòi"),
        (("thằng cha nhận việc này là em vợ nhà thầu, ăn 30 phần trăm",), "em vợ"),
        (("anh nhan viec nay la em vo nha thau, an chia 30 phan tram",), "em vo"),
        (("thang xuong lam no doi tien nuoc",), "doi tien"),
        (("tôi phải bồi dưỡng anh ấy mới được việc",), "bồi dưỡng"),
        (("tôi mất năm triệu rồi", "cho anh Tuân"), "cho anh Tuân"),
        (("anh Tuân", "lấy của tôi", "năm triệu", "không biên lai"), "năm triệu"),
        (("hôm qua có người của phòng xuống", "cầm năm triệu của tôi rồi đi"), "cầm năm triệu"),
        (("a Tuan", "an tien", "cua toi"), "an tien"),
        (("năm triệu", "đưa cho anh cán bộ hôm qua", "vẫn chưa làm"), "đưa cho"),
        (("anh cán bộ này", "nhận", "5tr", "của tôi"), "của tôi"),
        (("ông ấy quen thân với chủ thầu", "chia nhau tiền dự án"), "chia nhau"),
        (("them {c} anh Tuân", "them {c} đòi năm triệu"), "đòi năm triệu"),
    ],
)
async def test_a_wrong_told_in_pieces_is_heard_with_the_last(
    player: Player, parts: tuple[str, ...], last: str
) -> None:
    """The pieces before it were nothing; the piece that makes a wrong of them stays away from them."""
    heard = "\n".join(await told_later(player, *(f"citizen: {part}" for part in parts)))
    assert last not in heard


@pytest.mark.parametrize(
    "parts",
    [
        ("thằng hàng xóm", "nó hay đập bóng đèn"),
        ("tôi gặp anh Tuân rồi", "cảm ơn nhiều", "đèn sáng lại rồi"),
        ("tiền điện", "nhà tôi tháng này", "hai triệu"),
        ("cột số 5", "trước nhà ông Ba"),
        ("nó chớp hoài", "nó tắt luôn rồi"),
        ("họ nói điện yếu", "họ cắt dây hôm qua"),
        ("anh Tuân ơi", "mấy giờ", "anh xuống"),
        ("anh ấy bảo tuần sau làm", "mong anh làm sớm"),
        ("cán bộ này nhiệt tình lắm",),
        ("mất 5 triệu sửa xe",),
        ("nhà thầu làm ẩu",),
    ],
)
async def test_pieces_that_tell_no_wrong_take_nothing_away(player: Player, parts: tuple[str, ...]) -> None:
    """Whoever has the case goes on reading of it."""
    await told_later(player, *(f"citizen: {part}" for part in parts))
    assert not [one for one in player.paper.told if HANDED_ON in one.message.text]


@pytest.mark.parametrize(
    "parts",
    [
        (
            "hom qua len xa lam so do",
            "gap cai ong deo kinh ngoi phong kinh te",
            "ong do doi tui 1 trieu",
            "1",
            "1",
        ),
        ("toi di xin giay phep xay nha", "o phong kinh te, cho ong deo kinh", "ong do doi tui 1 trieu", "1"),
    ],
)
async def test_a_unit_told_as_the_place_is_walled_by_the_deed_told_after(
    player: Player, parts: tuple[str, ...]
) -> None:
    """What was answered before belongs to what is told then."""
    await player.seats(OFFICIALS)
    for words in parts:
        await player.say("citizen", {"text": words}, silent=True)
    addresses = {told.address for told in player.paper.told}
    assert "head" in addresses
    assert addresses.isdisjoint({"officer", "colleague", "supervisor"})


async def test_a_given_name_alone_keeps_out_those_he_serves_with_where_they_would_come(
    player: Player,
) -> None:
    """In danger a neighbour may be called so too; but whoever is sent must not be his own."""
    await player.seats(OFFICIALS)
    await player.say("citizen", {"text": "tôi bị đánh ở thôn 1, cứu với"}, silent=True)
    async with player.store.read() as work:
        code = (await work.session.scalars(select(Case.code))).one()
    await player.say("police", {"text": f"nhan {code}"}, silent=True)
    before = len(player.paper.told)
    await player.say("citizen", {"text": "thằng Dũng nó đánh tôi"}, silent=True)
    heard = [(told.address, told.message.text) for told in player.paper.told[before:]]
    assert {text for who, text in heard if who == "police"} == {f"{code} {HANDED_ON}"}
    assert {who for who, text in heard if "thằng Dũng" in text} <= {"head", "party"}
    async with player.store.read() as work:
        case = (await work.session.scalars(select(Case))).one()
    assert case.confidential
    assert case.excluded
    assert any(
        who == "citizen" and "Hồ Tiến Dũng" in text and "không được xem" in text for who, text in heard
    )


@pytest.mark.parametrize(
    "words",
    [
        "nó là công an",
        "no la nguoi cua cong an xa",
        "người đánh mặc quân phục công an xã",
        "xin đừng báo cho công an xã biết",
        "he is a policeman",
    ],
)
async def test_who_did_it_is_shut_out_by_what_tells_who_they_are(player: Player, words: str) -> None:
    """While people do harm, and whoever must not be told in any case."""
    await player.seats(OFFICIALS)
    await player.say("citizen", {"text": "cứu với, có người bị đánh ở thôn 3"}, silent=True)
    before = len(player.paper.told)
    await player.say("citizen", {"text": words}, silent=True)
    async with player.store.read() as work:
        case = (await work.session.scalars(select(Case))).one()
    assert case.excluded
    assert not [d for d in player.paper.told[before:] if d.address == "police" and words in d.message.text]

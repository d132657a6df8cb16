"""Whatever is tried at a case that words closed is answered as at one that a head gave to another unit.

What stands open in a chat while it leaves, what is typed then, and what a follower hears are compared.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.stories import Story, parse
from storage.ground.tables import Case
from tests.conftest import StoppedClock
from tests.conversations.conftest import Commune
from tests.conversations.player import Player

BEFORE = (
    "citizen: đường thôn 3 sụt một hố lớn, xe đi rất nguy hiểm, số tôi 0912345678",
    "citizen: 1",
    "citizen: 1",
    "citizen: [Gọi lại số 0912 345 678]",
    "officer: nhan {c}",
)
CLOSED = ("citizen: them {c} anh Đỗ Anh Tuân đòi tôi 2 triệu mới chịu sửa",)
GIVEN = ("head: giao {c}", "head: Phòng Văn hóa - Xã hội")
ANSWER = "Sáng 20/11 đội đã vá hố, đường đi lại được."
FOLLOWS = ("{c} 5678", "1")
Row = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Who tries, what they say before the case leaves, and what afterwards."""
TRIED: tuple[Row, ...] = (
    ("officer", ("tl {c}",), (ANSWER, "1")),
    ("officer", ("tl {c}", ANSWER), ("1",)),
    ("officer", ("hoi {c}",), ("Hố ở đoạn nào ạ?", "1")),
    ("officer", ("giahan {c}",), ("5", "chờ vật tư về", "1")),
    ("officer", ("chuyen {c}",), ("Công an xã", "1")),
    ("officer", ("dong {c}",), ("1", "không thuộc thẩm quyền")),
    ("officer", ("ghichu {c}",), ("đã ra xem",)),
    ("officer", ("viec",), ("1", "1a", "1d")),
    ("officer", ("{c}",), ("1", "2", "3", "4", "5")),
    ("officer", (), ("{c}", "{c} 1111", "{c} 5678", "theo doi {c}", "bo theo doi {c}", "ai da xem {c}")),
    ("officer", (), (f"tl {{c}} {ANSWER}", "nhan {c}", "chuyen {c}", "goi lai {c}", "them {c} abc def")),
    ("officer", (), ("rut {c}", "mo lai {c}", "cham {c} 5", "tim hố", "viec", "quahan", "da goi {c}")),
    ("supervisor", ("giao {c}",), ("Bùi Phương Thảo", "1")),
    ("supervisor", ("chan {c}",), ("1", "quấy rối nhiều lần")),
    ("supervisor", ("viec",), ("1a", "1b", "1d", "1")),
    ("supervisor", (), ("{c}", "{c} 1111", "1111", "5678", "1", "bo theo doi {c}", "tra cuu")),
    ("supervisor", (), ("ai da xem {c}", "nhac {c}", "giao {c}", "nhan lay {c}", "chan {c}", "bo chan {c}")),
    ("supervisor", (), ("bao cao", "viec", "quahan", "tim hố", "theo doi {c}")),
    ("colleague", ("{c}",), ("1", "2", "3")),
    ("colleague", (), ("{c}", "theo doi {c}", "{c} 5678", "{c} 1111", f"tl {{c}} {ANSWER}")),
    ("neighbour", (), ("{c}", "{c} 5678", "1", "{c}", "theo doi {c}", "tra cuu", "bo theo doi {c}", "{c}")),
    ("neighbour", (), ("{c} 1111", "2222", "theo doi {c}", "3333", "4444", "5555", "6666", "{c} 5678")),
    ("neighbour", ("{c} 1111",), ("5678", "1", "{c}")),
    ("neighbour", ("{c} 5678",), ("1", "{c}", "tra cuu", "bo theo doi {c}", "tra cuu")),
    ("neighbour", FOLLOWS, ("{c}", "{c} 1111", "{c} 5678", "theo doi {c}", "tra cuu", "bo theo doi {c}")),
    ("neighbour", FOLLOWS, ("bo theo doi {c}", "{c}", "bo theo doi {c}", "{c} 5678", "1", "tra cuu")),
    ("neighbour", FOLLOWS, ("nhan {c}", f"tl {{c}} {ANSWER}", "rut {c}", "them {c} hố vẫn chưa sửa")),
    ("neighbour", FOLLOWS, ("hố vẫn chưa sửa", "vẫn thế, chưa ai làm gì", "tra cuu")),
    (
        "ban",
        ("đường thôn 3 sụt hố lớn, xe đi nguy hiểm", "1", "1"),
        ("{c}", "tra cuu", "{c} 5678", "{c} 1111"),
    ),
    ("kt_them", (), ("{c}", "{c} 5678", "1", "tra cuu")),
    ("officer-group", ("/nhom",), ("{c}", "nhan {c}", "theo doi {c}", "{c} 1111")),
)


async def _say(player: Player, line: str) -> None:
    who, _, words = line.partition(": ")
    async with player.store.read() as work:
        code = await work.session.scalar(select(Case.code).order_by(Case.opened_at, Case.code))
    words = words.replace("{c}", code or "")
    body = {"tap": player._action(0, who, words[1:-1])} if words.startswith("[") else {"text": words}
    await player.say(who, body, silent=True)


async def heard(commune: Commune, folder: Path, row: Row, leaves: tuple[str, ...]) -> list[str]:
    """Return what somebody hears from when the case leaves: by words, or by a head's hand."""
    who, before, then = row
    player = _seated(commune, folder)
    lines = [*BEFORE, *(f"{who}: {words}" for words in before)]
    await player._prepare(_before(lines), "# x")
    for line in lines:
        await _say(player, line)
    said = len(player.paper.told)
    for line in leaves:
        await _say(player, line)
    player.clock.at += player.between * (len(GIVEN) - len(leaves))
    for words in then:
        await _say(player, f"{who}: {words}")
    address = "group" if who.endswith("-group") else who
    async with player.store.read() as work:
        codes = list(await work.session.scalars(select(Case.code)))
    await player.store.close()
    found = [
        f"{told.address} {bool(told.edits)} {told.message.text} {[c.label for c in told.message.choices]}"
        for told in player.paper.told[said:]
        if told.address in {address, who.removesuffix("-group")}
    ]
    for number, code in enumerate(codes):
        found = [text.replace(code, f"CODE{number}") for text in found]
    return found


def _seated(commune: Commune, folder: Path) -> Player:
    folder.mkdir()
    clock = StoppedClock()
    return Player(commune.open(folder, clock), clock)


def _before(lines: list[str]) -> Story:
    return parse("\n".join(["# x", "@ thứ Hai 16/11/2026 09:00", *lines]))


@pytest.mark.parametrize("row", TRIED, ids=lambda row: f"{row[0]} {row[1][:1]} {row[2][0]}")
async def test_closed_by_words_looks_as_given_by_a_head(commune: Commune, tmp_path: Path, row: Row) -> None:
    """Every verb, every button, each wrong number that is counted, and every half-open conversation."""
    ordinary = await heard(commune, tmp_path / "given", row, GIVEN)
    closed = await heard(commune, tmp_path / "closed", row, CLOSED)
    assert closed == ordinary
    assert ordinary


async def test_who_follows_hears_that_it_was_handed_on_and_nothing_after_that(player: Player) -> None:
    """Also in a private chat that nobody knows to be an official's: not the steps, not the answer."""
    lines = [*BEFORE, "neighbour: {c} 5678", "neighbour: 1", "ban: đường thôn 3 sụt hố lớn, xe đi nguy hiểm"]
    lines += ["ban: 1", "ban: 1"]
    await player._prepare(_before(lines), "# x")
    for line in (*lines, "neighbour: {c}"):
        await _say(player, line)
    said = len(player.paper.told)
    answer = "head: tl {c} Ngày 16/11 đã xác minh anh Tuân đòi 2 triệu, đã trả lại; đường đã vá xong."
    asks = "head: hoi {c} Anh Tuân đòi tiền hôm nào, có ai chứng kiến không ạ?"
    then = [*CLOSED, "head: nhan {c}", asks, "citizen: hôm qua, có bà Hoa", answer, "head: 1"]
    for line in then:
        await _say(player, line)
    for who in ("neighbour", "ban"):
        (told,) = [one.message.text for one in player.paper.told[said:] if one.address == who]
        assert "được giao cho đơn vị khác" in told
        await _say(player, f"{who}: {{c}}")
        shown = player.paper.told[-1].message.text
        assert "Đỗ Anh Tuân nhận việc" in shown
        assert "đơn vị khác" in shown
        assert "Thịnh" not in shown
        assert "hỏi thêm" not in shown
        assert "✔ 16/11 trả lời" not in shown


async def test_who_follows_an_alarm_hears_no_unit_and_no_answer(player: Player) -> None:
    """A neighbour who saw the same fire, when its sender tells a wrong of whoever put it out."""
    lines = ["citizen: cháy chợ thôn 4, khói đen", "neighbour: cháy chợ thôn 4 to lắm", "police: nhan {c}"]
    await player._prepare(_before(lines), "# x")
    for line in lines:
        await _say(player, line)
    said = len(player.paper.told)
    answer = "head: tl {c} Ngày 16/11 đã xác minh anh Dũng đòi 5 triệu của bà con, đã đình chỉ, lửa đã tắt."
    accuses = "citizen: them {c} anh Dũng công an đòi 5 triệu mới chịu chữa cháy"
    for line in (accuses, "head: nhan {c}", answer, "head: 1"):
        await _say(player, line)
    (told,) = [one.message.text for one in player.paper.told[said:] if one.address == "neighbour"]
    assert "được giao cho đơn vị khác" in told


async def test_words_that_open_it_again_and_accuse_are_heard_as_of_any_that_is_opened_again(
    player: Player,
) -> None:
    """Whoever follows hears of the act itself what they would hear of any; then that it went on."""
    lines = [*BEFORE, "neighbour: {c} 5678", "neighbour: 1", f"officer: tl {{c}} {ANSWER}", "officer: 1"]
    await player._prepare(_before(lines), "# x")
    for line in lines:
        await _say(player, line)
    said = len(player.paper.told)
    for line in ("citizen: mo lai {c}", "citizen: anh Đỗ Anh Tuân đòi tôi 2 triệu mới chịu sửa"):
        await _say(player, line)
    told = [one.message.text for one in player.paper.told[said:] if one.address == "neighbour"]
    assert ["được mở lại" in told[0], "đơn vị khác" in told[1], len(told)] == [True, True, 2]

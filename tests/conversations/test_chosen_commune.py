"""The commune that somebody chose for a story is the one it goes to, and every place says which it is."""

import pytest

from storage.mail.inbox import Arrived
from tests.conversations.wide import DRAIN, Wide, code_in
from tests.storage import commune
from tests.storage.province import NEIGHBOUR, OURS

ROADS = (
    "tỉnh lộ 512 qua xã Tân Lập Mẫu và xã Bình An Mẫu đầy ổ gà, xe máy ngã liên tục",
    "tinh lo 512 qua xa Tan Lap Mau va xa Binh An Mau day o ga, xe may nga lien tuc",
    "cống tắc giữa xã Tân Lập Mẫu và xã Bình An Mẫu mấy hôm nay, nước ngập đường",
)


async def press(wide: Wide, who: str, label: str) -> str:
    """Press the button of this label in the latest message to somebody; returns what they are told."""
    latest = [d.message for d in wide.paper.told if d.address == who and d.message.choices][-1]
    action = next(choice.action for choice in latest.choices if choice.label == label)
    before = len(wide.paper.told)
    wide.clock.pass_(minutes=1)
    await wide.desk.ingest(Arrived("paper", f"p{next(wide.numbers)}", who, {"tap": action}))
    await commune.work_off(wide.desk)
    return "\n".join(wide._text(d) for d in wide.paper.told[before:] if d.address == who)


@pytest.mark.parametrize("text", ROADS)
@pytest.mark.parametrize(
    ("digits", "area", "place"),
    [
        (("1", "1"), "ba_thon_1", "thôn 1, xã Bình An Mẫu"),
        (("1", "3"), "ba_thon_ha", "thôn Hạ, xã Bình An Mẫu"),
        (("2", "2"), "thon_2", "thôn 2, xã Tân Lập Mẫu"),
    ],
)
async def test_a_digit_chooses_what_it_stood_for(
    wide: Wide, text: str, digits: tuple[str, ...], area: str, place: str
) -> None:
    """Once the commune is chosen its hamlets are asked once, and the review says whose it is."""
    await wide.says("dan", text)
    for digit in digits:
        shown = await wide.says("dan", digit)
    assert place in shown
    await wide.says("dan", "gui")
    assert [(found, told) for found, _, told in await wide.cases()] == [(area, place)]


async def test_a_press_on_a_hamlet_is_honoured(wide: Wide) -> None:
    """The button is that of the question which stands."""
    await wide.says("dan", ROADS[1])
    await press(wide, "dan", "xã Tân Lập Mẫu")
    shown = await press(wide, "dan", "thôn 3")
    assert "thôn 3, xã Tân Lập Mẫu" in shown
    assert "cũ" not in shown
    assert "đồng ý cho xã Tân Lập Mẫu" in shown


async def test_in_english_too(wide: Wide) -> None:
    """The same digits."""
    await wide.says("dan", "English")
    text = "the drain between Tan Lap Mau commune and Binh An Mau commune is blocked for days"
    for said in (text, "1", "1"):
        shown = await wide.says("dan", said)
    assert "thôn 1, xã Bình An Mẫu" in shown


async def test_going_back_asks_of_which_commune_again(wide: Wide) -> None:
    """What was chosen before does not hide the question."""
    await wide.says("dan", f"thôn 1 {DRAIN}")
    await wide.says("dan", "1")
    assert "xã, phường nào" in await wide.says("dan", "0")
    assert "đồng ý cho xã Tân Lập Mẫu" in await wide.says("dan", "2")
    assert await wide.chat_commune("dan") == OURS


async def test_a_place_bears_its_commune_wherever_it_came_from(wide: Wide) -> None:
    """By a printed code, a button or typed: a card beyond the border says whose “thôn 2” it is."""
    await wide.says("dan", "xthon_2")
    await wide.says("dan", DRAIN)
    await wide.says("dan", "gui")
    await wide.says("hai", f"x{NEIGHBOUR}")
    await wide.says("hai", DRAIN)
    assert "Ở đâu: gần cầu cũ, xã Bình An Mẫu" in await wide.says("hai", "gần cầu cũ")
    await wide.says("hai", "gui")
    assert [place for _, _, place in await wide.cases()] == [
        "thôn 2, xã Tân Lập Mẫu",
        "gần cầu cũ, xã Bình An Mẫu",
    ]


@pytest.mark.parametrize(("answer", "area"), [("1", "thon_1"), ("xã Bình An Mẫu", "ba_thon_1")])
async def test_a_link_of_another_commune_asks_whose_the_story_is(wide: Wide, answer: str, area: str) -> None:
    """It is greeted, and turned over to nobody unasked; the chat is of the link's commune from then on."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 1 {DRAIN}")
    asked = await wide.says("dan", f"x{NEIGHBOUR}")
    assert "Đây là nơi xã Bình An Mẫu nghe" in asked
    assert "thôn 1, xã Tân Lập Mẫu" in asked
    assert "thôn 1, xã Bình An Mẫu" in asked
    await wide.says("dan", answer)
    await wide.says("dan", "gui")
    assert [found for found, _, _ in await wide.cases()] == [area]
    assert await wide.chat_commune("dan") == NEIGHBOUR


async def test_a_link_turns_no_accusation_to_another_chair(wide: Wide) -> None:
    """Whose chair is meant is asked, and the first kept out."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "chủ tịch xã nhận hối lộ của chủ mỏ đá, bán đất của dân ở thôn 1")
    await wide.says("dan", "không")  # nobody is in danger
    assert "xã Tân Lập Mẫu" in await wide.says("dan", f"x{NEIGHBOUR}")
    shown = await wide.says("dan", "1")
    while "Giữ kín" not in shown:
        shown = await wide.says("dan", "1")
    assert "Hoàng Đức Thịnh" in shown
    code = code_in(await wide.says("dan", "gui"))
    assert wide.hear_of(code) == {"dan", "t_kiem_tra"}


async def test_a_link_changes_nothing_in_words_that_name_their_commune(wide: Wide) -> None:
    """Only the greeting comes, and the story as it was."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 1 xã Tân Lập Mẫu {DRAIN}")
    shown = await wide.says("dan", f"x{NEIGHBOUR}")
    assert "Đây là nơi xã Bình An Mẫu nghe" in shown
    assert "đồng ý cho xã Tân Lập Mẫu" in shown


async def test_a_link_before_the_story_is_of_the_new_place(wide: Wide) -> None:
    """What the first code said of the place is forgotten."""
    await wide.says("dan", "xthon_3")
    assert "thôn 2" in await wide.says("dan", "xba_thon_2")
    assert "thôn 2, xã Bình An Mẫu" in await wide.says("dan", DRAIN)


async def test_a_link_answers_of_which_commune_it_is(wide: Wide) -> None:
    """Where the question stands, nothing more is asked."""
    await wide.says("dan", f"thôn 1 {DRAIN}")
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", f"x{NEIGHBOUR}")

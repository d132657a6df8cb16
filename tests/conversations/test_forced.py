"""Who says they were made to withdraw is heard by those above, and by nobody in whose hands the case is."""

import pytest

from storage.cases import cases as stored
from storage.store.engine import Store
from tests.conversations.player import ALWAYS_THERE, Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
BRIBE = "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
CHAIR = "chủ tịch xã vòi tiền 5 triệu của nhà tôi ở thôn 2"
FIRE = "cháy nhà ở thôn 1, lửa to lắm"
OFFICIALS = ("officer", "colleague", "supervisor", "head", "party", "duty", "police", "reception", "keeper")
CODE = "LM-6NYWV4N"


def told(player: Player, words: str) -> set[str]:
    """Return who has read these words in anything the desk said."""
    return {d.address for d in player.paper.told if words in d.message.text.lower()}


@pytest.mark.parametrize(
    ("story", "takes", "hears"),
    [
        (DRAIN, "officer", {"supervisor"}),
        (DRAIN, "supervisor", {"head", "party"}),
        (DRAIN, "", {"supervisor"}),
        (BRIBE, "head", {"party"}),
        (BRIBE, "", {"party"}),
        (CHAIR, "party", set()),
        (FIRE, "", {"head", "party"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(sorted(value)),
)
async def test_only_those_above_hear_of_it(player: Player, story: str, takes: str, hears: set[str]) -> None:
    """Whoever took the case, whatever it is: the alert passes by all who handle it, and by the accused."""
    await player.seats({*OFFICIALS} - {*ALWAYS_THERE})
    await player.play(f"# x\n# y\ncitizen: {story}\n")
    if story != FIRE:
        await player.say("citizen", {"text": "gui"})
    if takes:
        await player.say(takes, {"text": f"nhan {CODE}"})
    for text in (f"rut {CODE}", "1", "Bị ép"):
        await player.say("citizen", {"text": text})
    for name in OFFICIALS:
        await player.say(name, {"text": f"xem {CODE}"})
    await player.say("citizen", {"text": f"xem {CODE}"})
    assert told(player, "bị ép") == hears


@pytest.mark.parametrize("why", ["Đã xong", "Gửi nhầm", "Bị ép", "Không muốn nói"])
async def test_the_officer_and_the_citizen_read_the_same_whatever_the_reason(
    player: Player, commune_store: Store, why: str
) -> None:
    """Neither words nor buttons tell the reasons apart; the history of the case does."""
    await player.play(f"# x\n# y\ncitizen: {DRAIN}\ncitizen: 1\nofficer: nhan {CODE}\n")
    for text in (f"rut {CODE}", "1"):
        await player.say("citizen", {"text": text})
    before = len(player.paper.told)
    await player.say("citizen", {"text": why})
    heard = [(d.address, d.message.text) for d in player.paper.told[before:] if d.address != "supervisor"]
    by_whom = {who: [text for name, text in heard if name == who] for who, _ in heard}
    assert by_whom.pop("citizen") == [f"Đã rút {CODE}. Khi cần bà con cứ nhắn."]
    card, notice = by_whom.pop("officer")
    assert card.endswith("\nBà con đã rút.")
    assert notice == f"{CODE}: bà con đã rút, thôi xử lý."
    assert by_whom == {}
    async with commune_store.read() as work:
        case = await stored.by_code(work, CODE)
        assert case is not None
        lines = await stored.history(work, case)
    reasons = {"Đã xong": "done", "Gửi nhầm": "mistake", "Bị ép": "forced", "Không muốn nói": "unsaid"}
    assert lines[-1].detail == {"why": reasons[why]}


@pytest.mark.parametrize(
    ("steps", "hears"),
    [
        (("rut don", "1", "ong Tuan ep toi rut, doa cat dien nha toi"), {"party"}),
        (("rut don", "ong Tuan bat toi rut", "2"), {"party"}),
        (("rut don", "1", "họ kêu tôi phải rút mới cấp giấy"), {"supervisor"}),
        (("rut don", "1", "họ bắt đầu làm đường rồi"), set()),
    ],
    ids=lambda value: value[-1] if isinstance(value, tuple) else "",
)
async def test_words_of_ones_own_say_why(player: Player, steps: tuple[str, ...], hears: set[str]) -> None:
    """At the question why and at the one before: those above read them, who handles the case never does."""
    await player.seats({*OFFICIALS} - {*ALWAYS_THERE})
    await player.play(f"# x\n# y\ncitizen: {DRAIN}\ncitizen: 1\nofficer: nhan {CODE}\n")
    for text in steps:
        await player.say("citizen", {"text": text})
    await player.say("officer", {"text": f"xem {CODE}"})
    assert told(player, "bị ép") == hears
    words = next(one for one in steps if len(one) > len("rut don"))
    assert told(player, words.lower()) == hears
    done = "Giữ nguyên" if steps[-1] == "2" else "Đã rút"
    assert any(d.message.text.startswith(done) for d in player.paper.told if d.address == "citizen")

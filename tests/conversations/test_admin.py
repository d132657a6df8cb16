"""Who may administer is asked at every step, not only at the first."""

from bot.demo.seats import SEATS
from services.office import office, orders
from storage.ground.work import Work
from storage.people import people
from tests.conversations.player import Player

OTHER = {"do": "give_role", "person": "vp_lan", "unit": "vp_xa", "role": "admin", "from": "2026-11-16"}
END = {"do": "end_role", "person": "quan_tri", "unit": "vp_xa", "role": "admin", "to": "2026-11-15"}


async def said(player: Player, *texts: str) -> str:
    """Let the admin say these; return the last reply."""
    for text in texts:
        await player.say("admin", {"text": text})
    replies = [told for told in player.paper.told if told.address == "admin"]
    return replies[-1].message.text


async def ordered(work: Work, order: dict[str, str]) -> None:
    """Carry an order out."""
    await orders.carry_out(work, order, None)


async def test_a_role_that_ended_meanwhile_applies_nothing(player: Player) -> None:
    """Between the preview and the yes the role ends: nothing is applied, and the menu is gone."""
    await player.seat("admin")
    assert "Sẽ đổi" in await said(player, "quan tri", "3", "1", "thôn 9")
    async with player.store.work() as work:
        await ordered(work, OTHER)
        await ordered(work, END)
    refused = await said(player, "1")
    assert "Đã áp dụng" not in refused
    async with player.store.read() as work:
        assert "thôn 9" not in {area.name for area in work.rules.directory.areas}
        lan = await people.person_by_code(work, "vp_lan")
        assert lan is not None
        assert lan.name
    assert "Anh/chị quản trị phần nào" not in await said(player, "quan tri")


async def test_an_invitation_is_issued_once_it_is_applied(player: Player) -> None:
    """The preview makes no token; the yes makes one that works once."""
    await player.seat("admin")
    assert "Sẽ đổi" in await said(player, "quan tri", "1", "5", "Thảo")
    reply = await said(player, "1")
    token = next(word for word in reply.split() if word.startswith(people.INVITE_PREFIX))
    await player.say("somebody", {"text": token})
    async with player.store.read() as work:
        chat = await people.chat(work, player.key("somebody"))
        thao = await people.person_by_code(work, SEATS["colleague"].person)
        assert thao is not None
        assert chat.person_id == thao.id


async def test_the_office_may_have_changed_since_the_preview(player: Player) -> None:
    """What was previewed is worked out anew: a name taken meanwhile is refused in words."""
    await player.seat("admin")
    assert "Sẽ đổi" in await said(player, "quan tri", "3", "1", "thôn 9")
    async with player.store.work() as work:
        await ordered(work, {"do": "add_area", "name": "Thôn 9"})
    assert "Đã có thôn 9" in await said(player, "1")
    async with player.store.work() as work:
        await office.undo(work)

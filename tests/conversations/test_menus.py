"""Every entry of every role's menu, pressed: one answer each, and a way back."""

import pytest

import locales
from domain.messages import Choice, Message
from domain.people import Absence, Role
from handlers.engine import by_role
from services.standing.parties import roles_of
from storage.people import people
from tests.conversations.player import Player

SEATS = ("citizen", "officer", "reception", "duty", "supervisor", "head", "keeper", "admin")
PHRASES = {"vi": "tieng viet", "en": "english"}


async def last(player: Player, who: str) -> Message:
    """Return what somebody was told last in answer to what they said."""
    told = [d for d in player.paper.told if d.address == who and d.key.startswith("reply:")]
    return told[-1].message


async def menu(player: Player, who: str) -> list[Choice]:
    """Return every entry of somebody's menu, page by page, without the ways to the next page."""
    await player.say(who, {"text": "menu"})
    found: list[Choice] = []
    while True:
        choices = (await last(player, who)).choices
        assert 1 <= len(choices) <= 9
        *here, end = choices
        if not end.action.startswith("menu:menu:"):
            return [*found, *choices]
        found += here
        await player.say(who, {"tap": end.action})


@pytest.mark.parametrize(
    ("who", "language"), [*((who, "vi") for who in SEATS), ("citizen", "en"), ("head", "en"), ("admin", "en")]
)
async def test_every_entry_leads_somewhere_and_back(player: Player, who: str, language: str) -> None:
    """Pressed, it is answered once and not as something old; “menu” shows the menu, “0” leaves."""
    if who != "citizen":
        await player.seat(who)
    await player.say(who, {"text": PHRASES[language]})
    first = [choice.label for choice in await menu(player, who)]
    assert len(set(first)) == len(first) >= 3
    for choice in await menu(player, who):
        await player.say(who, {"tap": choice.action})
        answer = await last(player, who)
        assert answer.text.strip()
        assert answer.text != locales.words(language)("common.stale_no_question")
        assert [again.label for again in await menu(player, who)] == first
        await player.say(who, {"text": "0"})
        await player.say(who, {"text": "huy"})


FOR_ROLES = ("admin", "openings", "approvals", "units", "broadcast", "counter", "away")
ANYTHING = ("menu:nothing", "menu:", "menu:menu:9", "menu:menu:x", "menu:help:99", "menu")


@pytest.mark.parametrize("option", FOR_ROLES)
async def test_what_is_not_for_a_citizen_shows_them_their_menu(player: Player, option: str) -> None:
    """A forged button opens nothing."""
    await player.say("citizen", {"text": "menu"})
    before = await last(player, "citizen")
    await player.say("citizen", {"tap": f"menu:{option}"})
    after = await last(player, "citizen")
    assert after.choices == before.choices or after.text == locales.words("vi")("common.stale_no_question")


@pytest.mark.parametrize("action", ANYTHING)
async def test_any_menu_button_is_answered(player: Player, action: str) -> None:
    """Even one no version of this program drew."""
    await player.say("citizen", {"tap": action})
    assert (await last(player, "citizen")).text


@pytest.mark.parametrize("who", SEATS)
async def test_help_is_read_page_by_page(player: Player, who: str) -> None:
    """Each role has its own, at most four lines, and its last page ends it."""
    if who != "citizen":
        await player.seat(who)
    await player.say(who, {"text": "giup"})
    read = [(await last(player, who)).text]
    while choices := (await last(player, who)).choices:
        assert len(choices) == 1
        await player.say(who, {"tap": choices[0].action})
        read.append((await last(player, who)).text)
    assert len(set(read)) == len(read)
    assert all(text.count("\n") < 4 for text in read)


async def test_who_stands_in_has_the_menu_of_both_but_is_lent_no_identities(player: Player) -> None:
    """A keeper who stands in for a chief decides for them, and an officer for the chair."""
    player.store.library = type(player.store.library)()  # its rules are its own: they are changed
    await player.seats(("keeper", "supervisor", "officer", "head"))
    async with player.store.work() as work:
        ids = {}
        for code in ("kiem_tra", "kt_truong", "kt_tuan", "chu_tich"):
            person = await people.person_by_code(work, code)
            assert person is not None
            ids[code] = person.id
        days = (work.today, work.today)
        away = (
            Absence(ids["kt_truong"], ids["kiem_tra"], *days),
            Absence(ids["chu_tich"], ids["kt_tuan"], *days),
        )
        object.__setattr__(work.rules.directory, "absences", away)
        roles = {
            who: roles_of(work, await people.chat(work, player.key(who))) for who in ("keeper", "officer")
        }
    assert roles["keeper"] == {Role.KEEPER, Role.SUPERVISOR}
    assert {"approvals", "openings", "mine"} <= set(by_role.entries(roles["keeper"]))
    assert roles["officer"] == {Role.OFFICER, Role.SUPERVISOR}
    assert "openings" not in by_role.entries(roles["officer"])

"""Each reading of a case is one line of a record: whoever was sent it, listed it, opened it or its file."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from domain.cases import Act
from domain.messages import FileRef
from services.acts.act import act
from services.office import orders
from services.standing import access
from services.standing.parties import Actor
from storage.cases import attachments, cases
from storage.cases.attachments import Kept
from storage.ground.tables import Access, Attachment
from storage.people import joined
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune
from tests.storage.commune import statements

FILE = FileRef("01890000-0000-7000-8000-000000000001", "photo", "image/jpeg", 3, "a.jpg")


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a commune."""
    await commune.settle(store)
    return store


async def read(store: Store, code: str) -> list[tuple[str, str, str]]:
    """Return who has read a case, as what and how."""
    async with store.read() as work:
        case = await cases.look_at(work, code)
        assert case is not None
        rows = await access.stored.of_case(work, case)
        names = [await access.people.name_of(work, row.person_id) for row in rows]
        return sorted((name, row.role, row.how) for name, row in zip(names, rows, strict=True))


async def test_a_card_that_is_pushed_is_a_line(desk: Store) -> None:
    """Being sent the content counts: whoever got the card is in the record, as what they were."""
    (code,) = await commune.open_cases(desk, 1)
    assert await read(desk, code) == [("Lê Văn Minh", "officer", "sent")]


async def test_a_card_drawn_anew_at_once_is_no_second_line(desk: Store, clock: StoppedClock) -> None:
    """Within a minute the same way counts once; a minute later it is another reading."""
    (code,) = await commune.open_cases(desk, 1)
    async with desk.work() as work:
        (minh,) = await commune.chats_of(work, ["minh"])
        case = await cases.by_code(work, code)
        assert case is not None
        await act(work, case, Act.ACCEPT, Actor.of(minh))
    assert len(await read(desk, code)) == 1
    clock.pass_(minutes=1)
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        (minh,) = await commune.chats_of(work, ["minh"])
        assert case is not None
        access.shown(work, case, minh, access.SENT)
        access.shown(work, case, minh, access.VIEW)
    assert [how for _, _, how in await read(desk, code)] == ["sent", "sent", "view"]


@pytest.mark.parametrize("change", [update(Access).values(how="list"), delete(Access)])
async def test_the_record_is_only_added_to(desk: Store, change: object) -> None:
    """The database refuses to change or delete a line, as it does of histories."""
    await commune.open_cases(desk, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        async with desk.work() as work:
            await work.session.execute(change)  # type: ignore[call-overload]


async def test_many_readings_are_one_statement(desk: Store) -> None:
    """Fifty cases opened in one transaction note their cards with one insert."""
    with statements(desk) as seen:
        await commune.open_cases(desk, 50)
    assert len([line for line in seen if line.lower().startswith("insert into access")]) == 1
    async with desk.read() as work:
        assert len(list(await work.session.scalars(select(Access.case_id)))) == 50


async def test_who_brought_it_is_no_reader_of_their_own(desk: Store) -> None:
    """An official who brought the case as a citizen is not noted, nor are groups and citizens."""
    (code,) = await commune.open_cases(desk, 1)
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        (own,) = await commune.chats_of(work, ["người dân 0"])
        (lan,) = await commune.chats_of(work, ["lan"])
        own.person_id = lan.person_id
        access.shown(work, case, own, access.VIEW)
    assert await read(desk, code) == [("Lê Văn Minh", "officer", "sent")]


async def opens(store: Store, address: str) -> bool:
    """Say whether a chat may open the file."""
    async with store.work() as work:
        (chat,) = await commune.chats_of(work, [address])
        key = chat.key
    async with store.work() as work:
        return await access.may_open(work, key, UUID(FILE.id))


async def with_a_file(store: Store) -> str:
    """Open a case with a file of its citizen's. Returns its code."""
    (code,) = await commune.open_cases(store, 1)
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        await attachments.add(work, case.chat_key, [Kept(FILE, "0" * 64)])
        await work.session.execute(update(Attachment).values(case_id=case.id))
    return code


async def test_a_file_is_asked_about_again_each_time(desk: Store) -> None:
    """Its citizen and its unit open it, which is noted; who holds a role no more opens nothing."""
    code = await with_a_file(desk)
    assert [await opens(desk, who) for who in ("người dân 0", "minh", "lan")] == [True, True, False]
    assert ("Lê Văn Minh", "officer", "file") in await read(desk, code)
    async with desk.work() as work:
        end = {"do": "end_role", "person": "minh", "unit": "kt_xa", "role": "officer"}
        await orders.carry_out(work, {**end, "to": date(2026, 11, 15).isoformat()}, None)
    assert not await opens(desk, "minh")
    assert await opens(desk, "người dân 0")


async def test_a_chat_that_was_an_officials_keeps_no_file(desk: Store) -> None:
    """Untied, it is nobody's, and what it was shown as an official's it opens no more."""
    await with_a_file(desk)
    async with desk.work() as work:
        (minh,) = await commune.chats_of(work, ["minh"])
        minh.joined_at = work.now
    assert await opens(desk, "minh")
    async with desk.work() as work:
        (minh,) = await commune.chats_of(work, ["minh"])
        await joined.untie(work, minh)
    assert not await opens(desk, "minh")


async def test_what_an_official_has_sent_into_a_case_is_asked_about_too(desk: Store) -> None:
    """Of a photo of their own they are nobody's any more, once the role has ended or the chat was."""
    code = await with_a_file(desk)
    async with desk.work() as work:
        (minh,) = await commune.chats_of(work, ["minh"])
        minh.joined_at = work.now
        await work.session.execute(update(Attachment).values(chat_key=minh.key))
    assert await opens(desk, "minh")
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        (minh,) = await commune.chats_of(work, ["minh"])
        assert case is not None
        case.excluded_people = [str(minh.person_id)]
    assert not await opens(desk, "minh")

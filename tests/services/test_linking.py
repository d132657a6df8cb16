"""One person on several channels is one to every case; nobody becomes that person by guessing."""

import re
from dataclasses import asdict
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from bot.opening import own_page
from domain.messages import FileRef
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import linking
from services.standing.parties import Actor, relations
from storage.cases import attachments
from storage.cases import cases as stored
from storage.cases.attachments import Kept
from storage.ground import bound
from storage.ground.tables import Attachment, Pairing
from storage.ground.tables import Chat as ChatRow
from storage.mail.inbox import Arrived
from storage.people import linked, people
from tests.conftest import StoppedClock
from tests.services.two_channels import DRAIN, HOUSE, PENSION, Two, case_of, chat, key
from tests.storage import commune

A, B, C = "ba-tu", "ba-tu@card", "ong-ba@card"
NUMBER = "+84905123456"


async def agrees(two: Two, who: str, to: str) -> str:
    """Press that the chat that vouched for the same number is one's own."""
    async with two.store.read() as work:
        key_of_other = key(work, to)
    return await two.says(who, body={"tap": f"menu:tie:{key_of_other}"})


async def test_a_recycled_number_shows_a_stranger_nothing(two: Two, clock: StoppedClock) -> None:
    """After so long the old owner is not even asked; before, only a yes of theirs ties, and nobody else's."""
    code = await two.case(A)
    mine = {"shared": "Contact", "phone": NUMBER, "own": True}
    await two.says(A, body=mine)
    before = len(two.told(A))
    clock.pass_(days=400)
    await two.says(B, body=mine)
    assert "Có người vừa dùng số máy" not in "".join(two.told(A)[before:])
    assert code not in await two.says(B, "tra cuu")
    assert "không nối được" in await agrees(two, C, B)
    assert "không nối được" in await agrees(two, B, A)
    assert code not in await two.says(B, "tra cuu")


async def test_a_linked_chat_acts_as_the_one_it_is_linked_to(on_each: Two) -> None:
    """What was brought in either is seen, answered and added to in both, and so is what comes after."""
    two = on_each
    drain, hole = await two.case(A), await two.case(B, HOUSE)
    async with two.store.read() as work:
        before = (await case_of(work, hole)).history_hash
    await two.link(A, B)
    listed = await two.says(B, "tra cuu")
    assert listed == await two.says(A, "tra cuu")
    async with two.store.work() as work:
        case = await case_of(work, hole)
        assert (case.chat_key, case.history_hash) == (key(work, A), before)
        assert await stored.first_broken_line(work, case) is None
    await two.officer("accept", drain)
    await two.officer("ask", drain, question="Cống nằm sát nhà ai?")
    assert "sát nhà ai" in two.told(A)[-1]  # they wrote there last
    assert drain in await two.says(B, "sát nhà bà Bảy")
    third = await two.case(B, PENSION)
    assert third in await two.says(A, third)


@pytest.mark.parametrize("asked", [False, True])
async def test_files_of_a_linked_chat_go_with_the_case(two: Two, asked: bool) -> None:
    """They were sent in one chat, and the case stands under the other: added to it, or as an answer."""
    code = await two.case(A)
    await two.link(A, B)
    ref = FileRef(str(uuid4()), "photo", "image/jpeg", 1000)
    async with two.store.work() as work:
        await attachments.add(work, key(work, B), [Kept(ref, "0" * 64)])
    if asked:
        await two.officer("accept", code)
        await two.officer("ask", code, question="Cống nằm ở đâu?")
    else:
        await two.says(B, f"them {code}")
    await two.says(B, body={"files": [asdict(ref)], "caption": "ảnh cống"})
    async with two.store.read() as work:
        row = await work.session.scalar(select(Attachment))
        assert row is not None
        assert (row.case_id, row.chat_key) == ((await case_of(work, code)).id, key(work, B))


async def test_edge_25_the_same_citizen_on_several_channels(two: Two, clock: StoppedClock) -> None:
    """Only a code or a verified number links; quiet in one channel is no quiet in the other."""
    code = await two.case(A)
    assert "chưa gửi ý kiến nào" in await two.says(B, "tra cuu")
    await two.says(B, body={"shared": "Contact", "phone": NUMBER, "own": False})
    await two.says(B, "huy")
    await two.says(A, body={"shared": "Contact", "phone": NUMBER, "own": True})
    assert "chưa gửi ý kiến nào" in await two.says(B, "tra cuu")
    await two.says(B, body={"shared": "Contact", "phone": NUMBER, "own": True})
    assert "chưa gửi ý kiến nào" in await two.says(B, "tra cuu")
    assert "Có người vừa dùng số máy" in two.told(A)[-1]
    assert "Đã nối" in await agrees(two, A, B)
    assert code in await two.says(B, "tra cuu")
    clock.pass_(minutes=1)
    await two.says(B, "dung nhan tin")
    await two.officer("accept", code)
    assert "đã nhận việc" in two.told(A)[-1]
    await two.says(A, "dung nhan tin")
    heard = two.count("")
    await two.officer("extend", code, days=1, reason="chờ vật tư")
    assert not [text for text in (*two.told(A), *two.told(B))[heard:] if code in text]


async def test_edge_20_a_link_for_anothers_cases_is_opaque_and_good_once(two: Two) -> None:
    """Taken apart or used again it gives nothing; whose it is, is asked as it stands when it is used."""
    code = await two.case(A)
    async with two.store.work() as work:
        made = await linking.offer(work, await chat(work, A))
    assert code not in made.token
    assert key_of(made.token) is None
    async with two.store.read() as work:
        kept = [row.code_hash for row in await work.session.scalars(select(Pairing))]
    assert not {made.token, made.digits} & set(kept)
    wrong = await two.says(C, f"noi-{'0' * 32}")
    assert await two.says(A, made.token) == wrong  # the very chat it was made in
    assert "Đã nối" in await two.use(B, made.token)
    assert await two.says(C, made.token) == wrong
    assert await two.says(C, f"noi {made.digits}") == wrong  # what was made with it is used up too


async def test_edge_20_the_link_leads_to_our_own_page(two: Two) -> None:
    """Where the desk has a public page the code comes as a link too, which asks before it ties."""
    two.store.page = own_page("https://hoabinh.example")
    await two.case(A)
    shown = await two.says(A, "noi kenh")
    found = re.search(r"https://hoabinh\.example/chat\?start=(noi-[0-9a-f]{32})", shown)
    assert found is not None
    assert "Đã nối" in await two.use(B, found[1])


def key_of(token: str) -> str | None:
    """Return the chat's key if the token holds it in any plain way."""
    return None if token.removeprefix(linking.PREFIX).strip("0123456789abcdef") == "" else token


@pytest.mark.parametrize("why", ["barred", "official", "sealed", "late", "moved"])
async def test_edge_20_a_code_is_void_where_its_owner_may_not_be_linked(
    two: Two, clock: StoppedClock, why: str
) -> None:
    """Whatever the reason, a guesser reads the same as for no code at all."""
    await two.case(A)
    code = two.code(await two.says(A, "noi kenh"))
    async with two.store.work() as work:
        own = update(ChatRow).where(ChatRow.key == key(work, A))
        minh = await people.person_by_code(work, "minh")
        assert minh is not None
        if why == "barred":
            await work.session.execute(own.values(bars={"xa": "2030-01-01"}))
        elif why == "official":
            await work.session.execute(own.values(person_id=minh.id))
        elif why == "sealed":
            talk = {"flow": "report", "seed": {"sealed": True}}
            table = ChatRow.__table__
            await bound.rewrite(work.session, table, [bound.key(table, key(work, A)) | {"talk": talk}])
    if why == "late":
        clock.pass_(minutes=11)
    if why == "moved":
        assert "Đã nối" in await two.link(C, A)
    wrong = await two.says("ai-do@card", "noi 0000 0000")
    told = await two.use(B, code)
    assert (told == wrong) == (why != "moved"), told
    async with two.store.read() as work:
        tied = (await chat(work, B)).home
        assert tied == (key(work, C) if why == "moved" else None)


@pytest.mark.parametrize("as_link", [True, False])
async def test_whoever_is_given_anothers_code_is_asked_before_that_one_reads_anything(
    two: Two, as_link: bool
) -> None:
    """One press on a link somebody passed on gives nothing away; said no to, the code was never used."""
    code = await two.case(B)
    await two.says(A, "xin chào")
    async with two.store.work() as work:
        (await case_of(work, code)).confidential = True
        made = await linking.offer(work, await chat(work, A))
    asked = await two.says(B, f"/start {made.token}" if as_link else f"noi {made.digits}")
    assert "Chỗ đó sẽ đọc được mọi ý kiến" in asked
    assert "chưa gửi ý kiến nào" in await two.says(A, "tra cuu")
    await two.says(B, "huy")
    assert "chưa gửi ý kiến nào" in await two.says(A, "tra cuu")
    assert two.count("vừa được nối vào đây") == 0
    assert "Đã nối" in await two.use(C, made.token)


async def test_of_two_who_are_asked_about_one_code_the_first_to_agree_has_it(two: Two) -> None:
    """What was good when it was typed is looked at again when it is used."""
    await two.says(A, "xin chào")
    async with two.store.work() as work:
        made = await linking.offer(work, await chat(work, A))
    for who in (B, C):
        await two.says(who, made.token)
    assert "Đã nối" in await two.says(B, "1")
    assert "không dùng được" in await two.says(C, "1")


async def test_a_number_that_went_to_somebody_else_ties_nobody(two: Two) -> None:
    """One channel vouches for one number in one chat at a time: the second has the first one's old number."""
    code = await two.case(B)
    mine = {"shared": "Contact", "phone": NUMBER, "own": True}
    await two.says(B, body=mine)
    await two.says(C, body=mine)
    assert code not in await two.says(C, "tra cuu")
    assert two.count("vừa được nối vào đây") == 0


@pytest.mark.parametrize("who", ["official", "sealed", "linked"])
async def test_who_cannot_be_linked_is_told_so_before_any_code_is_looked_at(two: Two, who: str) -> None:
    """An official's chat, one in which something is sent sealed, one that is linked: the code stays good."""
    code = two.code(await two.says(A, "noi kenh"))
    if who == "official":
        told = await two.says("minh", f"noi {code}")
        assert "quản trị" in told
    elif who == "sealed":
        await two.says(B, "gui kin")
        told = await two.says(B, f"noi {code}")
        assert "kín" in told
        await two.says(B, "huy")
    else:
        await two.link(C, B)
        assert "đã nối rồi" in await two.says(B, f"noi {code}")
        await two.says(B, "tach")
    if who != "official":
        assert "Đã nối" in await two.use(B, code)


async def test_guessing_is_counted_and_stops(two: Two, clock: StoppedClock) -> None:
    """After five wrong codes the right one is not heard for an hour either."""
    code = two.code(await two.says(A, "noi kenh"))
    for guess in range(5):
        assert "không dùng được" in await two.says(B, f"noi 0000 000{guess}")
    assert "nhiều lần quá" in await two.says(B, f"noi {code}")
    clock.pass_(minutes=61)
    assert "Đã nối" in await two.link(A, B)


async def test_a_code_shown_in_a_group_is_void(two: Two) -> None:
    """Whoever reads it there could become its owner."""
    code = two.code(await two.says(A, "noi kenh"))
    await two.desk.ingest(Arrived("paper", "in the group", "nhom", {"text": f"noi {code}"}, A))
    await commune.work_off(two.desk)
    assert "Mã nối đã lộ" in two.told("nhom")[-1]
    assert "không dùng được" in await two.says(B, f"noi {code}")


async def test_eight_digits_alone_answer_an_open_question_first(two: Two) -> None:
    """Out of the blue they are a code; while something is asked they are the answer."""
    code = two.code(await two.says(A, "noi kenh"))
    await two.says(B, "goi lai")
    await two.says(B, code)
    async with two.store.read() as work:
        assert (await chat(work, B)).home is None
    await two.says(B, "huy")
    assert "Đã nối" in await two.use(B, code)


async def test_a_number_links_only_where_it_is_one_other_persons(on_each: Two) -> None:
    """The newer chat speaks for the older one's cases; with two others who have it, nobody is linked."""
    two = on_each
    mine = {"shared": "Contact", "phone": NUMBER, "own": True}
    code = await two.case(A)
    await two.case(B, HOUSE)
    await two.says(B, body=mine)
    await two.says(A, body=mine)  # the older one comes second, and stays the one that is spoken for
    assert "Đã nối" in await agrees(two, B, A)
    async with two.store.read() as work:
        assert {(await chat(work, who)).home for who in (A, B)} == {key(work, A)}
        assert (await case_of(work, code)).chat_key == key(work, A)
    await two.says(B, "tach")
    await two.says(C, body=mine)
    async with two.store.read() as work:
        assert (await chat(work, C)).home is None


async def test_a_number_that_two_chats_of_one_channel_have_asks_nobody(two: Two) -> None:
    """It has gone to somebody else there; on another channel the one who has it is asked."""
    mine = {"shared": "Contact", "phone": NUMBER, "own": True}
    await two.case(B, HOUSE)
    await two.says(B, body=mine)
    before = len(two.told(B))
    await two.case("em-ut@card")
    await two.says("em-ut@card", body=mine)
    assert len(two.told(B)) == before


async def test_unlinked_a_chat_begins_anew(two: Two) -> None:
    """What was brought before stays where it was linked to; what comes after is its own."""
    old = await two.case(B, HOUSE)
    await two.link(A, B)
    assert "vẫn ở chỗ nhắn tin kia" in await two.says(B, "tach")
    assert "đã gỡ" in two.told(A)[-1]
    new = await two.case(B)
    assert (old in await two.says(A, "tra cuu"), old in await two.says(B, "tra cuu")) == (True, False)
    async with two.store.read() as work:
        assert (await case_of(work, new)).chat_key == key(work, B)
        assert {(await chat(work, who)).home for who in (A, B)} == {None}


async def test_nobody_follows_what_has_become_their_own(on_each: Two) -> None:
    """Who followed a case of their own other chat is its citizen now; another case is followed on."""
    two = on_each
    await two.says(A, "xin chào")
    own, others = await two.case(B, HOUSE), await two.case(C)
    async with two.store.work() as work:
        for who, code in ((A, own), (B, others)):
            await stored.follow(work, await case_of(work, code), key(work, who))
    await two.link(A, B)
    async with two.store.work() as work:
        mine, followed = await case_of(work, own), await case_of(work, others)
        assert (stored.followers(work, mine), mine.followers) == (set(), 0)
        assert (stored.followers(work, followed), followed.followers) == ({key(work, A)}, 1)


async def test_a_sealed_case_stays_nobodys(two: Two) -> None:
    """Its sender is tied to no other chat by it, and to it by none."""
    await two.says(B, "gui kin")
    await two.says(B, "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ ở thôn 3")
    for _ in range(3):
        await two.says(B, "gui")
    await two.link(A, B)
    assert "chưa gửi ý kiến nào" in await two.says(A, "tra cuu")
    async with two.store.read() as work:
        assert await stored.codes_of(work, key(work, A), 9) == []


async def test_what_was_seen_of_a_chat_before_cannot_tie_it_twice(two: Two) -> None:
    """Of two that are linked to each other at one moment, the later finds how things stand."""
    await two.case(A)
    await two.case(B, HOUSE)
    await two.case(C, PENSION)
    async with two.store.work() as work:
        a, b, c = [await chat(work, who) for who in (A, B, C)]
        moved = update(ChatRow).where(ChatRow.key == a.key).values(home=c.key)
        await work.session.execute(moved.execution_options(synchronize_session=False))
        assert not await linked.tie(work, b, a)
        assert not await linked.tie(work, a, b)


async def test_a_linked_chat_has_its_persons_rights_and_no_more(two: Two) -> None:
    """It may do to each case what its home may, and to anybody else's nothing."""
    own, others = await two.case(A), await two.case(C, HOUSE)
    await two.link(A, B)
    async with two.store.work() as work:
        home, tied = Actor.of(await chat(work, A)), Actor.of(await chat(work, B))
        for code in (own, others):
            case = await case_of(work, code)
            assert relations(work, case, home) == relations(work, case, tied)
            case.confidential = True
            assert relations(work, case, home) == relations(work, case, tied)
    assert DRAIN not in await two.says("ai-do", own)


async def test_linked_chats_are_read_together(two: Two) -> None:
    """A batch of eight people who write in their second chat takes the statements of one."""
    prices = []
    for number in (1, 8):
        names = [f"{number} {n}" for n in range(number)]
        async with two.store.work() as work:
            heard = work.rules.understanding.read(DRAIN)
            for name in names:
                home, other = commune.chat_of(work, name), commune.chat_of(work, name, "card")
                await new_cases.open_case(work, home, Draft(heard, "thôn 3", heard.topic))
                assert await linked.tie(work, other, home)
        arrived = [Arrived("card", f"ask {name}", name, {"text": "tiến độ"}) for name in names]
        await commune.put_in(two.store, *arrived)
        with commune.statements(two.store) as seen:
            assert await two.desk.worker.step() == number
        prices.append(len(seen))
    assert prices[1] <= prices[0]

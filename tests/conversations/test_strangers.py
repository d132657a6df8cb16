"""Looking a case up from another chat: what the code alone shows, and how often a number may be guessed."""

import pytest
from sqlalchemy import select

from bot.stories import parse
from domain.cases import Act, NotAllowed
from services.acts import strangers
from services.acts.act import act
from services.acts.strangers import Claim
from services.intake import sealed
from services.intake.new_cases import Draft, open_case
from services.office import linking
from services.standing.parties import Actor
from services.standing.refusals import TooManyTries, WholeNumber
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.tables import CaseEvent
from storage.ground.work import Work
from storage.people import attempts, people
from storage.people.people import Chat
from tests.conftest import StoppedClock
from tests.conversations.player import Player

STORY = "đường xóm Đình lún ổ gà lớn, xe máy hay ngã"
NUMBER = "+84912345678"


async def chat(work: Work, player: Player, name: str) -> Chat:
    """Return somebody's chat, which is there before anything else."""
    await people.load_chats(work, [player.key(name)])
    found = people.open_chat(work, "paper", player.key(name), name)
    await work.session.flush()
    return found


async def case_of(work: Work, whose: Chat, story: str = STORY) -> Case:
    """Open a case in this chat, with a number to call back."""
    await work.session.flush()
    heard = work.rules.understanding.read(story)
    case = await open_case(work, whose, Draft(heard, "xóm Đình", heard.topic))
    case.contact = NUMBER
    return case


async def test_only_what_came_to_the_counter_can_be_claimed(player: Player) -> None:
    """By whoever knows the number, once; a case that has a chat stays that chat's."""
    async with player.store.work() as work:
        stranger, citizen = await chat(work, player, "stranger"), await chat(work, player, "citizen")
        entered, own = await case_of(work, people.counter_chat(work)), await case_of(work, citizen)
        by = Actor.of(stranger)
        for case, detail in ((entered, {}), (entered, {"digits": "1234"}), (own, {"digits": "5678"})):
            with pytest.raises(NotAllowed):
                await act(work, case, Claim(**detail), by)
        await act(work, entered, Claim("5678"), by)
        assert (entered.chat_key, own.chat_key) == (stranger.key, citizen.key)
        with pytest.raises(NotAllowed):
            await act(work, entered, Claim("5678"), Actor.of(citizen))
        await work.session.flush()
        lines = await work.session.scalars(select(CaseEvent).where(CaseEvent.act == Act.CLAIM))
        assert [line.detail for line in lines] == [{}]


async def test_what_is_kept_close_opens_to_no_number(player: Player) -> None:
    """Neither its whole story nor the case itself, whatever number is known."""
    async with player.store.work() as work:
        stranger = await chat(work, player, "stranger")
        story = "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
        case = await case_of(work, people.counter_chat(work), story)
        assert case.confidential
        assert not strangers.may_prove(case, stranger)
        assert not await strangers.knows_number(work, stranger, case, "5678")
        with pytest.raises(NotAllowed):
            await act(work, case, Claim("5678"), Actor.of(stranger))
        code = case.code
    for typed in (code, f"{code} 5678", f"theo doi {code}"):
        await player.say("stranger", {"text": typed})
        assert "Không thấy mã này" in player.paper.told[-1].message.text


async def test_a_number_is_not_guessed_from_many_chats(player: Player, clock: StoppedClock) -> None:
    """Five tries an hour from one chat, twenty a day at one case; then the whole number is asked for."""
    async with player.store.work() as work:
        case = await case_of(work, await chat(work, player, "citizen"))
        for who in range(4):
            guesser = await chat(work, player, f"guesser{who}")
            for guess in range(5):
                assert not await strangers.knows_number(work, guesser, case, f"000{guess}")
            with pytest.raises(TooManyTries):
                await strangers.knows_number(work, guesser, case, "5678")
        another = await chat(work, player, "another")
        with pytest.raises(WholeNumber):
            await strangers.knows_number(work, another, case, "5678")
        assert not await strangers.knows_number(work, another, case, "0912345679")
        assert not await strangers.knows_number(work, another, case, "0912340678")
        assert await strangers.knows_number(work, another, case, "0912345678")
        code = case.code
    clock.pass_(hours=25)
    async with player.store.work() as work:
        found = await stored.by_code(work, code)
        assert found is not None
        assert await strangers.knows_number(work, await chat(work, player, "another"), found, "5678")


async def test_whoever_knows_the_number_is_kept_out_by_no_guesser(player: Player) -> None:
    """They are asked for all of it, follow with it, and a slip of the counter is theirs all the same."""
    async with player.store.work() as work:
        own = (await case_of(work, await chat(work, player, "citizen"))).code
        slip = (await case_of(work, people.counter_chat(work))).code
        await attempts.record(work, *(f"number:{code}" for code in (own, slip) for _ in range(20)))
    await player.say("relative", {"text": f"{own} 5678"})
    assert "đủ số điện thoại" in player.paper.told[-1].message.text
    await player.say("relative", {"text": "0912 345 678"})
    await player.say("relative", {"tap": player.paper.told[-1].message.choices[0].action})
    assert "Từ nay có tin" in player.paper.told[-1].message.text
    await player.say("new", {"text": f"{slip} 5678"})
    await player.say("new", {"text": "+84912345678"})
    assert "Đúng rồi" in player.paper.told[-1].message.text


async def test_the_code_alone_lets_nobody_follow(player: Player) -> None:
    """Typed or pressed, with wrong digits or none; with the right ones a relative does, uncounted."""
    async with player.store.work() as work:
        code = (await case_of(work, await chat(work, player, "citizen"))).code
    pressed = [{"tap": f"follow:{code}:1{argument}"} for argument in ("", ":1234", ":", ":x")]
    for number, said in enumerate([{"text": f"theo doi {code}"}, *pressed]):
        await player.say(f"stranger{number}", dict(said))
        assert "ổ gà" not in player.paper.told[-1].message.text
    await player.say("relative", {"text": f"{code} 5678"})
    await player.say("relative", {"tap": player.paper.told[-1].message.choices[0].action})
    async with player.store.work() as work:
        case = await stored.by_code(work, code)
        assert case is not None
        assert stored.followers(work, case) == {player.key("relative")}
        assert (case.followers, case.relatives) == (0, 1)
        await act(work, case, Act.UNFOLLOW, Actor(player.key("relative")))
        assert (case.followers, case.relatives) == (0, 0)


async def test_an_officer_cannot_take_a_case_from_the_counter_over_unnoticed(player: Player) -> None:
    """Who entered it and the chief are told when a chat takes it over, the chief when that withdraws it."""
    written = "# x\n@ thứ Hai 16/11/2026 09:00\nreception: x\nsupervisor: x\nofficer: x"
    await player._prepare(parse(written), written)
    entry = ("nhap", "đường thôn 3 sụt một hố lớn, xe đi rất nguy hiểm", "1", "Nguyễn Văn Hòa", "0912345678")
    for words in (*entry, "1", "1", "1"):
        await player.say("reception", {"text": words}, silent=True)
    async with player.store.read() as work:
        code = (await work.session.scalars(select(Case.code))).one()
    await player.say("officer", {"text": f"nhan {code}"})

    async def told(who: str, *words: str) -> dict[str, str]:
        """Return what each is told when somebody says this."""
        said = len(player.paper.told)
        for text in words:
            await player.say(who, {"text": text.replace("{c}", code)}, silent=True)
        found: dict[str, str] = {}
        for one in player.paper.told[said:]:
            found[one.address] = f"{found.get(one.address, '')}\n{one.message.text}"
        return found

    claimed = await told("tuan-o-nha", "{c} 5678")
    assert all("gọi bà con hỏi lại" in claimed[who] for who in ("reception", "supervisor"))
    assert "gọi bà con hỏi lại" not in claimed["officer"]
    withdrawn = await told("tuan-o-nha", "rut {c}", "1", "1")
    async with player.store.read() as work:
        assert (await work.session.scalars(select(Case.state))).one() == "withdrawn"
    assert "có đúng bà con rút không" in withdrawn["supervisor"]
    assert "có đúng bà con rút không" not in withdrawn.get("officer", "")


async def test_who_writes_here_for_the_first_time_can_claim(player: Player) -> None:
    """The slip of the counter says: the code and the last digits. It may be the first a chat ever says."""
    async with player.store.work() as work:
        code = (await case_of(work, people.counter_chat(work))).code
    await player.say("new", {"text": f"{code} 5678"})
    assert "Đúng rồi" in player.paper.told[-1].message.text


async def test_a_crowd_that_guesses_secrets_keeps_nobody_out(player: Player) -> None:
    """Only one's own wrong tries count: whoever has the secret gets in, from a new chat too."""
    async with player.store.work() as work:
        await attempts.record(work, *("secret:all" for _ in range(3000)))
        guesser, sender = await chat(work, player, "guesser"), await chat(work, player, "sender")
        heard = work.rules.understanding.read(STORY)
        _, secret = await sealed.send(work, sender, Draft(heard, "xóm Đình", heard.topic), work.now)
        for guess in range(5):
            assert await sealed.find(work, guesser, f"{guess:016}") is None
        with pytest.raises(TooManyTries):
            await sealed.find(work, guesser, secret)
        assert await sealed.find(work, await chat(work, player, "new"), secret) is not None


async def test_a_crowd_that_guesses_codes_leaves_the_link_good(player: Player) -> None:
    """Eight digits tie nobody meanwhile; what the link carries can be guessed by nobody, and ties."""
    async with player.store.work() as work:
        home, other = await chat(work, player, "home"), await chat(work, player, "other")
        made = await linking.offer(work, home)
        await attempts.record(work, *("link:all" for _ in range(3000)))
        with pytest.raises(TooManyTries):
            await linking.redeem(work, other, made.digits)
        await linking.redeem(work, other, made.token)
        assert other.home == home.key

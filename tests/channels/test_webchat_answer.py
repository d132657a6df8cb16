"""An answer with photos, from the officer's browser to the citizen's, through the whole desk."""

import re
from pathlib import Path
from uuid import uuid4

from aiohttp import ClientSession, FormData
from sqlalchemy import select

from bot.desk import Desk
from services.office import directory
from storage.ground.tables import Case
from storage.people import people
from tests.channels.webchat_desk import SCRIPT, page, photo, write
from tests.emulators.webdesk import WebDesk, browser

SEED = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
PHOTO = re.compile(r'src="(/chat/file/.*?)"')


async def invited(desk: WebDesk) -> str:
    """Seed the demo's commune, and return what its officer must send to be known."""
    async with desk.store.work() as work:
        await directory.seed(work, SEED.read_bytes(), SEED.name)
    async with desk.store.work() as work:
        officer = await people.person_by_code(work, "kt_tuan")
        assert officer is not None
        return await people.invite(work, officer.id)


async def say(desk: WebDesk, person: ClientSession, *texts: str) -> None:
    """Write one thing after the other, and let the desk do all it can."""
    program = Desk(desk.store, [desk.channel])
    for text in texts:
        await write(person, text)
        while await program.worker.step() or await program.senders[0].step():
            pass


async def test_a_photo_of_the_work_done_opens_for_the_citizen_alone(
    desk: WebDesk, person: ClientSession
) -> None:
    """The citizen reads the answer with the officer's photo in it; nobody else opens it by their link."""
    invitation = await invited(desk)
    await say(desk, person, "cống thôn 3 tắc mấy hôm rồi, mưa là ngập", "1")
    async with desk.store.read() as work:
        code = await work.session.scalar(select(Case.code))
    async with browser(desk) as officer, browser(desk) as stranger:
        await say(desk, officer, invitation, f"nhan {code}", f"tl {code}")
        form = FormData({"client_id": uuid4().hex, "text": "Sáng nay xã đã thông cống, nước rút hết."})
        form.add_field("files", photo(), filename="sau khi làm.jpg")
        async with officer.post("/chat/send", data=form, headers=SCRIPT) as answer:
            assert answer.status == 200
        await say(desk, officer, "gui")

        read = await page(person)
        assert "Sáng nay xã đã thông cống" in read
        (link,) = PHOTO.findall(read)
        async with person.get(link) as answer:
            assert (answer.status, answer.content_type) == (200, "image/jpeg")
        for other in (officer, stranger):
            async with other.get(link) as answer:
                assert answer.status == 404
        assert PHOTO.findall(await page(stranger)) == []

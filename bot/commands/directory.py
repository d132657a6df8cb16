"""seed and invite: who works at this desk, and how they come in."""

from bot.commands.running import Refused
from services import directory
from services.seed_file import instead, quoted
from storage import people
from storage.directory import codes_of_people
from storage.engine import Store

_PLURALS = {"area": "areas", "unit": "units", "person": "people", "role": "roles"}


async def seed(store: Store, data: bytes, name: str, *, check: bool = False) -> list[str]:
    """Seed the directory from a file's bytes. Returns the counts as lines. Raises SeedRefused."""
    async with store.read() if check else store.work() as work:
        counts = await directory.seed(work, data, name, check=check)
    lines = [
        f"{_PLURALS[kind]}: {count.new} new, {count.changed} changed, {count.unchanged} unchanged"
        for kind, count in counts.items()
    ]
    return [*lines, "checked only: nothing was written"] if check else lines


async def invite(store: Store, code: str, base_url: str) -> list[str]:
    """Make an official's one-time invitation. Returns the message to send and the link. Raises Refused."""
    async with store.work() as work:
        person = await people.person_by_code(work, code)
        if person is None:
            known = instead(code, await codes_of_people(work))
            raise Refused(f"nobody has the code {quoted(code)}{known}")
        token = await people.invite(work, person.id)
        last = work.rules.calendar.local(work.now + people.INVITE_LASTS)
        idle = not work.rules.directory.held_by(person.id, work.today)
    return [
        *([f"note: {code} holds no role today and will be treated as a citizen"] if idle else []),
        f"Let {code} send this in the chat they will work in; it works once, until {last:%Y-%m-%d %H:%M}:",
        token,
        "or open this, to work in the web chat:",
        f"{base_url}/chat?start={token}",
    ]

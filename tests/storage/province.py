"""A province of two communes whose desk is moved by hand: what tests of areas share.

The communes are `tan_lap_mau` (storage/seeds/demo.yaml) and `binh_an_mau` (storage/seeds/province.yaml).
Every official has a chat on `paper` whose address is their code.
"""

from pathlib import Path

from sqlalchemy import select

from services.office import directory
from storage.ground.tables import Person
from storage.store.engine import Store
from tests.seeded import once
from tests.storage.commune import chat_of

SEEDS = (Path("storage/seeds/demo.yaml"), Path("storage/seeds/province.yaml"))
OURS, NEIGHBOUR, PROVINCE = "tan_lap_mau", "binh_an_mau", "tinh_mau"


async def settle(store: Store) -> None:
    """Seed the province and give each official a chat on paper."""
    await once(store, SEEDS, _settle)


async def _settle(store: Store) -> None:
    for seed in SEEDS:
        async with store.work() as work:
            await directory.seed(work, seed.read_bytes(), seed.name)
    async with store.work() as work:
        for person in await work.session.scalars(select(Person).where(Person.code.is_not(None))):
            chat_of(work, str(person.code)).person_id = person.id

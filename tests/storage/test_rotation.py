"""Another key: all is sealed anew while the desk runs, cut off anywhere; then the old one opens nothing."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.commands import key as command
from bot.commands.running import Refused
from bot.desk import Desk
from bot.settings import Settings
from services.clock import histories
from storage.ground import crypto
from storage.ground.crypto import CannotOpen, Keyring
from storage.ground.tables import Case, CaseEvent, Chat
from storage.store import rotation, stamps
from storage.store.engine import Store
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import STORY, put_in, said

COUNT = 7
SECRET = b"k" * 32
FILE = str(uuid4())


@pytest.fixture
async def settings(store: Store, tmp_path: Path) -> Settings:
    """Return a desk with a key file, in which people have told something and a file lies."""
    made = Settings(data_dir=tmp_path, _env_file=None)
    made.key_file.write_text(SECRET.hex() + "\n")
    store.keyring = store.files._keyring = ring = crypto.load(made.key_file)
    crypto.lend(store.engine.sync_engine.dialect, ring)
    await commune.settle(store)
    for words in (STORY, "1"):
        await put_in(store, *(said(f"citizen{n}", words) for n in range(COUNT)))
        await commune.work_off(Desk(store, [Paper()]))
    await store.files.put(FILE, b"a photo")
    async with store.work() as work:
        await stamps.seal(work, "some name", {"kept": 1})
        await stamps.is_sealed_with_ours(work.session, work.keyring)
    return made


async def told(store: Store) -> list[str]:
    """Return the stories of all cases, as they open."""
    async with store.read() as work:
        return sorted(await work.session.scalars(select(Case.story)))


async def is_whole(store: Store) -> bool:
    """Say whether every line and talk opens, every history follows, and nobody can change one."""
    async with store.work() as work:
        await work.session.scalars(select(CaseEvent.detail))
        await work.session.scalars(select(Chat.talk))
        return await histories.look(work, 1000) == ([], [])


async def test_everything_is_sealed_with_the_new_key(store: Store, settings: Settings) -> None:
    """Rows, histories, files and names; the old key opens none of it, the new one all."""
    before, old = await told(store), store.keyring.key_id
    assert len(before) == COUNT
    lines = await command.rotated(store, settings)
    assert store.keyring.key_id != old
    assert "backup" in lines[1]
    assert await rotation.left(store) == 0
    assert await told(store) == before
    assert await store.files.get(FILE) == b"a photo"
    with pytest.raises(Refused, match="less than an hour"):
        await command.retired(store, settings, now=False)
    await command.retired(store, settings, now=True)
    fresh = crypto.load(settings.key_file)
    assert fresh.older == []
    assert fresh.blind("a", "b") == Keyring.of(SECRET).blind("a", "b")
    assert SECRET.hex() not in settings.key_file.read_text()
    assert await told(store) == before
    assert await is_whole(store)
    with pytest.raises(CannotOpen):
        Keyring.of(SECRET).unseal(store.files._path(FILE).read_bytes(), f"file {FILE}")
    async with store.read() as work:
        assert await stamps.sealing_key(work) == fresh.key_id
        assert await stamps.opened(work, "some name") == {"kept": 1}


async def test_whoever_runs_meanwhile_opens_and_seals(store: Store, settings: Settings) -> None:
    """Another process reads what is sealed with a key it has not met, and its next work seals with that."""
    other = Store(store.engine, crypto.load(settings.key_file), store.files, store.clock)
    crypto.add_key(settings.key_file)
    store.keyring.refresh()
    assert other.keyring.key_id != store.keyring.key_id
    async with other.work():
        assert other.keyring.key_id == store.keyring.key_id
    crypto.drop(settings.key_file, crypto.load(settings.key_file).older)
    crypto.add_key(settings.key_file)
    store.keyring.refresh()
    assert other.keyring.unseal(store.keyring.seal(b"new", "x"), "x") == b"new"


async def test_the_key_of_another_desk_is_not_taken_while_it_runs(store: Store, settings: Settings) -> None:
    """What was read with it would look lost, and could be written so."""
    ring, before = crypto.load(settings.key_file), store.keyring.key_id
    settings.key_file.write_text("ab" * 32 + "\n")
    assert not ring.refresh()
    assert ring.key_id == before


async def test_cut_off_anywhere_the_next_run_goes_on(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After ever more transactions; nothing is lost, and what was done is not done again."""
    before = await told(store)
    monkeypatch.setattr(rotation, "BATCH", 2)
    crypto.add_key(settings.key_file)
    store.keyring.refresh()
    whole, step, steps = await rotation.left(store), rotation._seal_some, [0]
    assert whole > 5 * COUNT

    class CutOffError(Exception):
        """The process ends here."""

    async def until(*args: object, **more: object) -> object:
        if steps[0] == 0:
            raise CutOffError
        steps[0] -= 1
        return await step(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(rotation, "_seal_some", until)
    left = whole
    for most in range(1, 200):
        steps[0] = most
        try:
            await rotation.seal_all_anew(store)
        except CutOffError:
            left, earlier = await rotation.left(store), left
            assert left <= earlier
            assert await told(store) == before
            continue
        break
    assert await rotation.left(store) == 0
    assert await told(store) == before
    assert await is_whole(store)


async def test_what_does_not_open_stays_and_keeps_the_old_key(store: Store, settings: Settings) -> None:
    """A changed byte is nobody's to mend: the key that sealed it is not thrown away over it."""
    path = store.files._path(FILE)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    await command.rotated(store, settings)
    assert await rotation.left(store) == 1
    with pytest.raises(Refused, match="still under an older key"):
        await command.retired(store, settings, now=True)
    assert SECRET.hex() in settings.key_file.read_text()

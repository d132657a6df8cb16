"""Personal data is sealed at rest, and what seals it is made once."""

import fcntl
import stat
import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.messages import FileRef
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.ground import crypto
from storage.ground.crypto import CannotOpen, Keyring, add_key, drop, load, load_or_create
from storage.ground.tables import Person
from storage.ground.work import REPLY
from storage.people import people
from storage.store.engine import Store
from tests.conftest import KEYS
from tests.storage import commune

OTHER = Keyring.of(b"o" * 32)
COLUMNS = st.text(string.ascii_lowercase + "._", min_size=1, max_size=30)


@given(plain=st.binary(max_size=300), column=COLUMNS)
def test_what_is_sealed_opens_again(plain: bytes, column: str) -> None:
    """The same key and column give the same bytes back, and no two sealings look alike."""
    sealed = KEYS.seal(plain, column)
    assert KEYS.unseal(sealed, column) == plain
    assert KEYS.seal(plain, column) != sealed
    assert plain not in sealed or len(plain) < 4


async def test_an_error_of_the_database_says_nothing_of_what_was_to_be_written(store: Store) -> None:
    """Such errors are logged with their words, and a log never holds what people said."""
    with pytest.raises(DBAPIError) as error:
        async with store.work() as work:
            await work.session.execute(text("insert into nowhere values (:words)"), {"words": "nhà bà Tư"})
    assert "bà Tư" not in str(error.value)


@given(plain=st.binary(max_size=60), column=COLUMNS, other=COLUMNS)
def test_another_key_or_column_does_not_open(plain: bytes, column: str, other: str) -> None:
    """A value is refused under another key, and in any column but its own."""
    sealed = KEYS.seal(plain, column)
    with pytest.raises(CannotOpen):
        OTHER.unseal(sealed, column)
    if other != column:
        with pytest.raises(CannotOpen):
            KEYS.unseal(sealed, other)


@given(plain=st.binary(max_size=40), flip=st.integers(1, 255), cut=st.integers(0, 99))
def test_every_changed_byte_is_refused(plain: bytes, flip: int, cut: int) -> None:
    """Whichever byte is changed, and wherever it is cut short, a sealed value does not open."""
    sealed = KEYS.seal(plain, "person.name")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= flip
        with pytest.raises(CannotOpen):
            KEYS.unseal(bytes(changed), "person.name")
    with pytest.raises(CannotOpen):
        KEYS.unseal(sealed[: cut % len(sealed)], "person.name")


@given(parts=st.lists(st.text(max_size=8), max_size=4), others=st.lists(st.text(max_size=8), max_size=4))
def test_a_blind_index_is_equal_for_equal_parts_only(parts: list[str], others: list[str]) -> None:
    """It is found again by the same parts, told apart from any others, and depends on the key."""
    assert (KEYS.blind(*parts) == KEYS.blind(*others)) is (parts == others)
    assert KEYS.blind(*parts) != OTHER.blind(*parts)
    assert len(KEYS.blind(*parts)) == 32


def test_parts_are_not_run_together() -> None:
    """Where one part ends and the next begins matters, whatever characters they hold."""
    assert KEYS.blind("a", "b") != KEYS.blind("a\x1fb")
    assert KEYS.blind("ab", "") != KEYS.blind("a", "b")


def test_a_blind_index_stays_what_it_is() -> None:
    """Chats are found by it for years: a new version of the program must give the same."""
    assert KEYS.blind("chat", "web", "0912 345 678") == "4b38bf85a1fefada02dd2353ba9f0da7"


K = "5e" * 32
INDEX, DIGEST, SEAL = f"index {K}\n", f"digest {K}\n", f"seal {K}\n"


@pytest.mark.parametrize(
    "content",
    [
        *(
            "",
            "abc",
            "zz" * 32,
            "5e" * 31,
            f"{K} {K}",
            f"a b {K}",
            f"{K}\n{K}",
            "\N{DEVANAGARI DIGIT TWO}" * 64,
        ),
        *(SEAL, INDEX + DIGEST, INDEX + INDEX + DIGEST + SEAL, INDEX + DIGEST + DIGEST + SEAL),
        *(INDEX + DIGEST + SEAL + K, INDEX + DIGEST + SEAL + f"other {K}", INDEX + DIGEST + "seal 5e"),
        b"\xff\xfe\x00",
    ],
)
def test_a_key_file_that_is_none_is_refused(tmp_path: Path, content: str | bytes) -> None:
    """A broken key file stops the start: told is what one looks like, and no key; it is not written over."""
    path = tmp_path / "secret.key"
    written = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(written)
    with pytest.raises(ValueError, match=r"^it must be one line of 64 hex digits, or the lines .*$") as error:
        load_or_create(path)
    assert "5e" not in str(error.value)
    assert path.read_bytes() == written


def test_keys_added_at_once_are_all_there(tmp_path: Path) -> None:
    """Whoever was told that a key is there can seal with it: none is lost to another change beside it."""
    path = tmp_path / "secret.key"
    load_or_create(path)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(25):
            added = list(pool.map(add_key, [path] * 4))
            end = load(path)
            assert [end.opens(ring.key_id) for ring in added] == [True] * 4
            assert len(end.older) == len(end.older_of_rows) >= 4
            drop(path, end.older)
    assert not load(path).older
    lock = path.with_name("secret.key.lock")
    assert sorted(tmp_path.iterdir()) == [path, lock]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (path, lock)} == {0o600}


def test_the_key_file_is_read_and_changed_under_one_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From before it is read until it is replaced nobody else has the lock; who only reads needs none."""
    path = tmp_path / "secret.key"
    first = load_or_create(path)[0].key_id
    seen: list[str] = []

    def locked(name: str) -> None:
        real = getattr(crypto, name)

        def step(*given: object) -> object:
            with (tmp_path / "secret.key.lock").open() as lock, pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            seen.append(name)
            return real(*given)

        monkeypatch.setattr(crypto, name, step)

    locked("_sealing")
    locked("sync_folder")
    assert add_key(path).older == [first]
    assert drop(path, [first]).older == []
    assert seen == ["_sealing", "sync_folder"] * 2
    with (tmp_path / "secret.key.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert load(path).older == []


def test_a_key_that_was_added_meanwhile_stays(tmp_path: Path) -> None:
    """Also the one before it, which seals still: nobody has looked whether anything is left under that."""
    path = tmp_path / "secret.key"
    first = load_or_create(path)[0].key_id
    second = add_key(path).key_id
    third = add_key(path).key_id
    assert drop(path, [first]).older == [second]
    assert drop(path, [second, third]).key_id == third


def test_the_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    """The first start makes it, with its folder, mode 0600; later starts read it; no draft is left."""
    path = tmp_path / "deep" / "secret.key"
    made, new = load_or_create(path)
    assert new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read, new = load_or_create(path)
    assert not new
    assert read.unseal(made.seal(b"x", "a"), "a") == b"x"
    assert list(path.parent.iterdir()) == [path]


ROOT = Path(__file__).parents[2]
_MAKE_KEY = """
import pathlib, sys
from storage.ground.crypto import load_or_create
print(load_or_create(pathlib.Path(sys.argv[1]))[0].key_id.hex())
"""


def _key_id(path: Path) -> bytes:
    return load_or_create(path)[0].key_id


def test_processes_that_start_together_make_one_key(tmp_path: Path) -> None:
    """Threads and processes racing for the first start all get the key that is in the file."""
    threads, processes = tmp_path / "threads.key", tmp_path / "processes.key"
    with ThreadPoolExecutor(8) as pool:
        by_threads = set(pool.map(_key_id, [threads] * 32))
    command = [sys.executable, "-c", _MAKE_KEY, str(processes)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(3)]  # noqa: S603 - our own
    by_processes = {bytes.fromhex(process.communicate()[0].decode()) for process in running}
    assert by_threads == {_key_id(threads)}
    assert by_processes == {_key_id(processes)}
    assert sorted(tmp_path.iterdir()) == [processes, threads]


# --- at rest -------------------------------------------------------------------------------------

NAME, PHONE, HOME = "Nguyễn Thị Bí Mật", "0912345678", "số 7 ngõ Sồi"
ADDRESS = "zalo-4711-bimat"
STORY = f"{commune.STORY}, nhà bà Kín Đáo ngập"
SECRETS = (NAME, PHONE, HOME, ADDRESS, STORY, "Kín Đáo", "anh-nha-toi.jpg", "Trả lời riêng")


async def _write_all(store: Store) -> None:
    """Write each secret into every table that may hold it."""
    await commune.settle(store)
    desk = commune.Desk(store, [commune.Paper()])
    async with store.work() as work:
        person = Person(name=NAME, phone=PHONE, address=HOME, created_at=work.now)
        person.phone_key = work.keyring.blind("phone", PHONE)
        work.session.add(person)
        chat = commune.chat_of(work, ADDRESS)
        ref = FileRef("0198c0de-0000-7000-8000-000000000001", "photo", "image/jpeg", 3, "anh-nha-toi.jpg")
        await attachments.add(work, chat.key, [Kept(ref, "0" * 64)])
    await commune.put_in(store, commune.said(ADDRESS, STORY), commune.said(ADDRESS, "1"))
    await commune.work_off(desk)
    await commune.put_in(store, commune.said(ADDRESS, f"{STORY} nữa"))
    await desk.worker.step()
    code = (await commune.rows(store, commune.Case))[0].code
    question, answer = f"hỏi {code} {NAME} ở {HOME} phải không?", f"tl {code} Trả lời riêng: {STORY}"
    for what in (f"nhận {code}", question, answer):
        await commune.put_in(store, commune.said("minh", what))
        await desk.worker.step()
    await commune.post(store, ADDRESS, f"gửi {NAME}", priority=REPLY)
    async with store.read() as work:  # and it can be read again by who has the key
        chat = await people.chat(work, work.keyring.blind("chat", "paper", ADDRESS))
        assert chat.address == ADDRESS
        assert STORY in {case.story for case in await work.session.scalars(commune.select(commune.Case))}


def _spellings(secret: str) -> list[bytes]:
    """Return a secret as it might lie in a file: UTF-8, JSON with escapes, UTF-16, hexadecimal."""
    escaped = secret.encode("ascii", "backslashreplace")
    plain = secret.encode()
    return [plain, escaped, secret.encode("utf-16-le"), plain.hex().encode()]


async def test_the_file_tells_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    """No name, number, address, chat or story can be read in the SQLite file or its log, nor in any file."""
    await _write_all(sqlite_store)
    files = {file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}  # noqa: ASYNC240 - it is small
    assert files["desk.sqlite3-wal"]  # the log is among what was read
    seen = b"".join(files.values())
    assert b"case_event" in seen
    assert [s for s in SECRETS if any(spelled in seen for spelled in _spellings(s))] == []


async def test_the_rows_tell_nothing(postgres_store: Store) -> None:
    """The same of every row of every table on PostgreSQL, written out as text."""
    await _write_all(postgres_store)
    async with postgres_store.engine.connect() as connection:
        found = await connection.execute(text("select tablename from pg_tables where schemaname = 'public'"))
        names = [row.tablename for row in found]
        seen = b""
        for name in names:
            lines = await connection.execute(text(f'select t::text from "{name}" t'))  # noqa: S608 - our own
            seen += "\n".join(line[0] for line in lines).encode()
    assert {"case", "chat", "inbox", "outbox", "case_event"} <= set(names)
    assert [s for s in SECRETS if any(spelled in seen for spelled in _spellings(s))] == []

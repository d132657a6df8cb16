"""Cases of senders who are nobody here, and who they are: read by nobody but whoever opens it, on record."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select

from domain.cases import Act
from storage.cases import cases as stored
from storage.cases.attachments import BOX, attachment
from storage.cases.cases import Case
from storage.ground.tables import Attachment, CaseEvent, SealedIdentity
from storage.ground.work import Work
from storage.people import people
from storage.people.people import SEALED, Chat


@dataclass(frozen=True, slots=True)
class Identity:
    """Who brought a sealed case: the channel's account, the address there, and a number if one was left."""

    account: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of the book: which case's identity was opened, when, by whom and why."""

    case: Case
    at: datetime
    actor: str
    reason: str


def secret_key(work: Work, secret: str) -> str:
    """Return the blind index under which a case is found by its secret."""
    return work.keyring.blind("secret", secret)


def nobody(work: Work) -> Chat:
    """Make a chat that belongs to nobody: no channel has its account, its address means nothing."""
    address = uuid4().hex
    return people.open_chat(work, SEALED, work.keyring.blind("chat", SEALED, address), address)


async def box_files(work: Work, file_ids: Iterable[str], sender: Chat) -> str:
    """Take files the sender has just sent from them, and what would name them. Returns where they wait."""
    box = f"{BOX}{work.dice.randbytes(12).hex()}"
    ids = [UUID(file_id) for file_id in file_ids]
    if ids:
        own = Attachment.id.in_(ids), Attachment.chat_key == sender.key, Attachment.case_id.is_(None)
        for row in await work.session.scalars(select(Attachment).where(*own)):
            row.chat_key, row.name, row.sha256, row.at = box, "", "", work.rules.sealing.about(work.now)
        await work.session.flush()
    return box


async def unbox_files(work: Work, box: str, to_chat_key: str) -> None:
    """Let files that waited be a sealed case's: as new rows and bytes, whose place and age say nothing."""
    rows = (await work.session.execute(select(attachment).where(attachment.c.chat_key == box))).mappings()
    fresh = [{**row, "chat_key": to_chat_key} for row in rows]
    if fresh:
        await work.session.execute(delete(attachment).where(attachment.c.chat_key == box))
        await work.session.execute(insert(attachment), sorted(fresh, key=lambda row: str(row["id"])))
        work.files_renewed.update(str(row["id"]) for row in fresh)


def keep_identity(work: Work, case: Case, sender: Identity) -> None:
    """Keep who brought the case, in the one place where it stands; through which channel is sealed too."""
    row = SealedIdentity(
        case_id=case.id,
        account="",
        address=json.dumps([sender.account, sender.address]),
        contact=sender.contact,
        at=case.opened_at,
    )
    work.session.add(row)


async def identity(work: Work, case: Case) -> Identity:
    """Return who brought a sealed case. Raises LookupError."""
    row = await work.session.get(SealedIdentity, case.id)
    if row is None:
        raise LookupError(case.code)
    account, address = (row.account, row.address) if row.account else json.loads(row.address)
    return Identity(account, address, row.contact or "")


async def by_secret(work: Work, secret: str) -> Case | None:
    """Return the case with this secret, locked until the work is committed."""
    return await by_secret_key(work, secret_key(work, secret))


async def by_secret_key(work: Work, key: str) -> Case | None:
    """Return the case under this blind index, as above."""
    code = await work.session.scalar(select(Case.code).where(Case.secret_key == key))
    return await stored.by_code(work, code) if code else None


async def openings(work: Work, most: int) -> list[Opening]:
    """Return the last openings of identities, the newest first."""
    await work.session.flush()
    lines = select(Case, CaseEvent).join(CaseEvent, CaseEvent.case_id == Case.id)
    newest = lines.where(CaseEvent.act == Act.IDENTIFY).order_by(CaseEvent.at.desc()).limit(most)
    rows = (await work.session.execute(newest)).all()
    return [Opening(case, event.at, event.actor, event.detail.get("reason", "")) for case, event in rows]

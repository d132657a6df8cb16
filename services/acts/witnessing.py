"""Several people see one danger: one alarm, and everybody's words with it. Where it is may be told later."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.cases import OPEN_STATES, Act, NotNow, Relation
from services.saying import crowds, ringing, wording
from services.saying.telling import Telling
from services.standing.kinds import ALWAYS, ActKind, Deed, Request
from storage.cases import cases as stored


@dataclass(frozen=True, slots=True)
class Witness(Request):
    """What one more person sees, and where they can be called."""

    text: str
    files: Sequence[str] = field(default=(), metadata=ALWAYS)
    phone: str = field(default="", metadata=ALWAYS)


async def _witness(deed: Deed[Witness]) -> None:
    """Let one more person's words stand with the alarm; they hear what becomes of it."""
    work, case, by = deed.work, deed.case, deed.by
    if by.own is None:
        raise NotNow(Act.WITNESS)
    deed.facts["again"] = by.own in stored.followers(work, case)
    if not deed.facts["again"]:
        await stored.follow(work, case, by.own)
    await stored.attach(work, case, deed.request.files, by.chat_key or "")
    deed.facts["count"] = case.followers + 1
    deed.facts["quiet"] = await crowds.gather(work, case, deed.request.text)


async def _witnessed(to: Telling) -> None:
    """Let whoever has the alarm read the new words; nobody is woken as by a second alarm.

    Of many who tell within a breath the others are read together when it is over; the card counts them now.
    """
    text, phone = wording.shortened(to.facts["text"]), to.facts["phone"]
    facts = {"count": to.facts["count"], "text": text, "files": len(to.facts["files"])}
    key = "official.witness_again" if to.facts["again"] else "official.witness"
    key += "_phone" if phone else ""
    to.awake = True
    await to.redraw()
    if not to.facts["quiet"]:
        await to.officials(await ringing.listeners(to.work, to.case), key, ("show",), phone=phone, **facts)


@dataclass(frozen=True, slots=True)
class Locate(Request):
    """Where it is, in words, and the code of the hamlet."""

    place: str
    area: str


async def _locate(deed: Deed[Locate]) -> None:
    """Keep where it is, told after the alarm."""
    deed.facts["from"] = deed.case.place
    deed.case.place, deed.case.area = deed.request.place, deed.request.area


async def _located(to: Telling) -> None:
    await to.redraw()
    await ringing.located(to)


ACTS = (
    ActKind(
        act=Act.WITNESS,
        takes=Witness,
        by={Relation.ANYBODY},
        states=OPEN_STATES,
        change=_witness,
        news=_witnessed,
        quiet=True,
        speaks=True,
    ),
    ActKind(
        act=Act.LOCATE,
        takes=Locate,
        by={Relation.CITIZEN},
        states=OPEN_STATES,
        change=_locate,
        news=_located,
        quiet=True,
    ),
)

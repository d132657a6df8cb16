"""What is said of a case besides answers to what was asked: while it is open, and once it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.cases import DONE, OPEN_STATES, Act, Relation
from services.acts import withdrawing
from services.saying import ringing, wording
from services.saying.telling import Telling
from services.standing.kinds import ALWAYS, ActKind, Deed, Request
from storage.cases import attachments
from storage.cases import cases as stored


@dataclass(frozen=True, slots=True)
class Supplement(Request):
    """More to an open case. `quiet`: it is told later, with what else is said in one breath.

    `why` is why somebody wants to withdraw it where the law asks for more than a word (see `withdrawing`),
    in the `reason` they give; `by_phone`: somebody wrote it down for them.
    """

    text: str = field(default="", metadata=ALWAYS)
    files: Sequence[str] = field(default=(), metadata=ALWAYS)
    quiet: bool = False
    why: str = ""
    reason: str = ""
    by_phone: bool = False


@dataclass(frozen=True, slots=True)
class Comment(Request):
    """Words about what was done; `quiet` as above."""

    text: str
    files: Sequence[str] = field(default=(), metadata=ALWAYS)
    quiet: bool = False


async def add_files(deed: Deed[Supplement] | Deed[Comment]) -> None:
    """Put what was sent with the words to the case."""
    await stored.attach(deed.work, deed.case, deed.request.files, deed.by.chat_key or "")


async def _supplemented(to: Telling) -> None:
    if "why" in to.facts:
        await withdrawing.wished(to)
    elif not to.facts.get("quiet"):
        await pass_on(to, "official.supplement", ("show",))


async def _commented(to: Telling) -> None:
    """Let the officer read what is said of what was done."""
    if not to.facts.get("quiet"):
        await pass_on(to, "official.comment", ("show",))


async def pass_on(to: Telling, key: str, verbs: tuple[str, ...]) -> None:
    """Let whoever has the case read what was said, with the files if they have taken it."""
    text = wording.said_later(to.work.rules, to.case, to.facts.get("text", ""))
    count = len(to.facts.get("files", ()))
    if count:
        key += "_files" if text else "_only_files"
        # Who has not taken the case sees that there are files, and gets them with the case.
        sent = to.facts["files"] if to.case.officer_id else None
        to.files = await attachments.of_case(to.work, to.case, sent) if sent else ()
    people = await ringing.listeners(to.work, to.case)
    await to.officials(people, key, verbs, text=text, count=count)


ACTS = (
    ActKind(
        act=Act.SUPPLEMENT,
        takes=Supplement,
        by={Relation.CITIZEN, Relation.SCRIBE},
        states=OPEN_STATES,
        change=add_files,
        news=_supplemented,
        quiet=True,
        speaks=True,
    ),
    ActKind(
        act=Act.COMMENT,
        takes=Comment,
        by={Relation.CITIZEN},
        states=DONE,
        change=add_files,
        news=_commented,
        quiet=True,
        speaks=True,
    ),
)

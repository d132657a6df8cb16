"""Words that may speak of danger: one question, with the numbers to call; what was told goes on."""

import re
from dataclasses import replace
from typing import Any

from domain.messages import Files, Message, Text
from domain.understand import Understood, fold
from handlers import emergency
from handlers.citizen.report import begin
from handlers.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.flow import Ask, Flow, NotUnderstood, is_free, words_at_least, words_of
from services import ringing
from services.who import URGENT
from storage.cases import Case

_NO = frozenset({"khong", "ko", "k", "hok", "hong", "no", "nope", "nham", "chua", "dau", "not"})
_YES = frozenset({"co", "vang", "u", "uh", "dung", "phai", "yes", "yeah", "ok"})
_POLITE = frozenset(
    {"da", "a", "ah", "nhe", "nha", "thua", "em", "anh", "chi", "can", "bo", "gi", "ai", "ca", "roi"}
)


def unclear(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask whether somebody is in danger now."""
    facts = {"numbers": seed.get("numbers", "")}
    told: list[str] = []
    for turn in (1, 2):  # who answers with more of it is asked once more
        said = yield Ask(
            "now",
            words_at_least(1, 2000),
            ("yes", "no"),
            facts=facts,
            turn=turn,
            primary="yes",
            by_files=True,
        )
        if not is_free(said):
            return {"heard": seed.get("heard", {}), "meant": said, "more": "\n".join(told)}
        told.append(words_of(said, {}))
        meant = _meant(told[-1], session)
        if meant != "more":
            break
    return {"heard": seed.get("heard", {}), "meant": meant, "more": "\n".join(told)}


def _meant(text: str, session: Session) -> str:
    """Read an answer in words of one's own: a bare no, or what calms, is no; what is neither is more of it.

    “Không thấy ai trả lời” begins with no and is none.
    """
    said = [word for word in fold(re.sub(r"[^\w\s]", " ", text)).split() if word not in _POLITE]
    bare = said[:1] and said[0] in _NO and all(word in _NO or word == "co" for word in said)
    if bare or session.rules.understanding.calms(text) == "sure":
        return "no"
    return "yes" if said and said[0] in _YES else "more"


async def meant(turn: Turn, result: dict[str, Any]) -> Reply:
    """Raise the alarm, or take what was told for an ordinary story: nobody types it twice."""
    heard = Understood.from_json(result["heard"])
    files, turn.talk.files = turn.talk.files, []
    more = result["more"] if len(result["more"].split()) > _FEW or result["meant"] == "more" else ""
    if more:
        read = turn.work.rules.understanding.read(f"{heard.text}\n{more}")
        heard = replace(read, doubt=heard.doubt, dangers=heard.dangers, close=heard.close)
    if result["meant"] == "yes":
        sure = replace(heard, emergency=heard.doubt, urgency=URGENT, story=True)
        return await emergency.raise_alarm(turn, sure, files)
    turn.talk.files = files
    if await emergency.ceased(turn) is not None:  # it is not asked again
        turn.talk.emergency = ""
    if not heard.story:
        raise NotUnderstood(None)
    return begin(turn, heard)


_FEW = 2
"""Words of a bare yes or no."""

DOUBT = Conversation(emergency.UNCLEAR, unclear, meant, waits=True, files=True)
CONVERSATIONS = (DOUBT,)


def ask(turn: Turn, said: Text | Files, text: str, over: Case | None = None) -> Next | None:
    """Begin to ask where the words leave it open whether somebody is in danger.

    After an alarm that is over any words do, but thanks and what calms: “nó lại tới kìa” is no danger alone.
    """
    heard = turn.work.rules.understanding.read(text)
    if over is not None and not heard.doubt and _may_be_of_it(turn, heard):
        heard = replace(heard, doubt=ringing.numbers_of(turn.work, over), close=over.confidential)
    if not heard.doubt:
        return None
    if isinstance(said, Files):
        turn.talk.files += [file.id for file in said.files]
    numbers = emergency.calls(turn, heard.doubt)
    return Next(DOUBT, {"heard": heard.to_json(), "numbers": numbers})


def _may_be_of_it(turn: Turn, heard: Understood) -> bool:
    return not heard.small_talk and not turn.work.rules.understanding.calms(heard.text)


def first(message: Message, numbers: str) -> Message:
    """Put the numbers to call before what is said."""
    return replace(message, text=f"{numbers}\n{message.text}", alarm=True) if numbers else message

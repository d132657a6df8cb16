"""Reception: what somebody says at the counter or by phone, entered by an official whose case it is not."""

from domain.cases import Act
from services.acts.act import act
from services.acts.adding import Supplement
from services.acts.asking import Reply
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.standing.parties import Actor
from storage.cases import attachments
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat

CAME = ("counter", "phone", "paper")
"""How somebody's words came: at the counter, by phone, as a letter."""


async def enter(work: Work, clerk: Chat, draft: Draft, *, came: str, phone: str) -> Case:
    """Open a case for somebody who has no chat here. Its history says who entered it and how it came.

    The case is nobody's chat's: the clerk is no more to it than their roles make them. `phone` is the number
    to call back as +84…, empty where the citizen has only the paper.
    """
    chat = people.counter_chat(work)
    await attachments.hand_over(work, draft.files, clerk.key, chat.key)
    case = await new_cases.open_case(work, chat, draft, entered_by=str(clerk.person_id), came=came)
    case.contact = phone or None
    return case


async def record(work: Work, case: Case, by: Actor, text: str) -> Act:
    """Write down what the citizen says by phone: an answer where one is waited for, else more to the case.

    Returns which of the two it was.
    """
    if stored.is_asked(work, case):
        await act(work, case, Reply(text, by_phone=True), by)
        return Act.REPLY
    await act(work, case, Supplement(text, by_phone=True), by)
    return Act.SUPPLEMENT

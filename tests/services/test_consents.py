"""What people agreed to: each purpose by itself, provable, and taken back whenever they want."""

import locales
from services.intake import consents
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage.commune import chat_of, chats_of


async def test_what_is_taken_back_is_over_and_stays_on_record(store: Store, clock: StoppedClock) -> None:
    """Agreed, taken back, agreed again: in force since the last time, and every step can be shown."""
    for step in (consents.give, consents.take_back, consents.give):
        async with store.work() as work:
            (chat,) = await chats_of(work, ["an"])
            step(work, chat, consents.CALL_BACK, "contact.number.text")
        clock.pass_(days=1)
    async with store.work() as work:
        (chat,) = await chats_of(work, ["an"])
        consents.give(work, chat, consents.SETTLE, "report.review.text")
        (call, settle) = await consents.in_force(work, chat)
        rows = await people.consents_of(work, chat)
    assert (call.purpose, settle.purpose) == (consents.CALL_BACK, consents.SETTLE)
    assert [row.given for row in rows] == [True, False, True, True]
    assert call.since == rows[2].at
    assert {row.text_version for row in rows[:3]} == {locales.version("vi", "contact.number.text")}
    assert {row.account for row in rows} == {chat.account}


async def test_other_words_are_another_version(store: Store) -> None:
    """Who agreed in English agreed to the English words."""
    async with store.work() as work:
        for name, language in (("an", "vi"), ("ben", "en")):
            chat = chat_of(work, name)
            chat.language = language
            consents.give(work, chat, consents.LEGAL_AID, "legal_aid.review.text")
        await work.session.flush()
        versions = {(await people.consents_of(work, chat_of(work, n)))[0].text_version for n in ("an", "ben")}
    assert len(versions) == 2

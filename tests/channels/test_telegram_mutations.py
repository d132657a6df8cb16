"""Ten thousand updates that were tampered with: each can be stored, and is read or a dead letter."""

import json
import random
from collections import Counter
from typing import Any

from bot.channels.channel import Remote, Unparsable
from bot.channels.raw import parse, storable
from bot.channels.telegram import read
from domain.messages import Contact, Edited, Location, Moved, Unsupported
from storage.mail.inbox import Arrived
from tests.channels.mutants import mutants, raw
from tests.channels.telegram_updates import SAID

UPDATES = 10_000
ALONE = (Remote, Contact, Location, Edited, Unsupported)
"""What is only ever read from what somebody writes alone."""


def kept(update: object) -> Any:  # noqa: ANN401 - JSON
    """Store an update as the inbox does, in columns as wide as they are; return what is read back."""
    arrived = Arrived(
        "telegram",
        read.external_id(update),
        read.address(update),
        storable(update),
        read.speaker(update),
        read.files(update),
        read.album(update),
    )
    assert 0 < len(arrived.external_id) <= 80
    assert len(arrived.address) <= 20
    assert len(arrived.speaker) <= 27
    assert len(arrived.album) <= 64
    stored = json.loads(json.dumps(arrived.stored(), ensure_ascii=False).encode())
    assert stored["address"] == arrived.address
    return stored["raw"]


def test_ten_thousand_tampered_updates_are_stored_and_read_or_dead() -> None:
    """None raises anything but Unparsable; what has files says so, and no group is taken for a person."""
    dice, outcomes = random.Random(3), Counter[str]()
    for mutant in mutants([update for update, _ in SAID], UPDATES, seed=2):
        update = parse(raw(mutant, dice))
        body = kept(update)
        assert read.external_id(body) == read.external_id(update) or body != update
        read.message_id(body)
        try:
            said = read.said(body, "lang_nghe_bot")
        except Unparsable:
            outcomes["dead"] += 1
            continue
        outcomes[type(said).__name__] += 1
        assert read.files(update) or not isinstance(said, Remote)
        assert not (isinstance(said, ALONE) and read.speaker(update))
        assert read.speaker(update) or not isinstance(said, Moved)
        assert said is None or read.address(update) != "other"
    assert outcomes["dead"] > UPDATES / 5
    assert outcomes.total() - outcomes["dead"] > UPDATES / 5
    assert len(outcomes) > 10

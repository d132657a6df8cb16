"""Zalo's notices (ZNS): a template that Zalo has approved, sent to a telephone number for a fee.

The last thing Zalo takes for somebody whose conversation with the account is shut. It only goes out; an
answer comes in through the account itself. Which notice has which template is data of the office document.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web

from bot.channels.channel import (
    Caps,
    Ingest,
    NotThere,
    Outcome,
    Part,
    Permanent,
    RemoteFile,
    Unparsable,
)
from bot.channels.zalo_oa.http import Client
from bot.channels.zalo_oa.outcome import outcome
from domain.windows import Reaching
from storage.mail.outbox import Delivery, Limits
from storage.store.engine import Store

log = structlog.get_logger(__name__)

ACCOUNT = "zalo-notices"
PATH = "/message/template"
_PHONE = re.compile(r"\+?84(\d{9})")


class ZaloNotices:
    """Notices of one Official Account, by its tokens."""

    account = ACCOUNT
    caps = Caps(
        max_text=4000,
        buttons=0,
        edit=False,
        limits=Limits(timedelta(milliseconds=100), 5, timedelta(seconds=1)),
    )
    secrets: Sequence[str] = ()

    def __init__(self, client: Client, store: Store) -> None:
        self._client = client
        self._store = store

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:  # noqa: ARG002 - a channel's signature
        """Return nothing: what is answered comes to the account."""
        return ()

    async def listen(self, ingest: Ingest) -> None:
        """Return at once: nothing comes in."""

    def normalize(self, body: Any) -> None:  # noqa: ANN401, ARG002 - a channel's signature
        """Nothing comes in. Raises Unparsable."""
        raise Unparsable("notices only go out")

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Nothing comes in. Raises NotThere."""
        raise NotThere(file.ref, most)

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        """Fill the notice's template. Without one it can never go this way."""
        async with self._store.read() as work:
            reaching, day = work.rules.reaching, work.today
        template = reaching.template(delivery.message.notice)
        phone = _PHONE.fullmatch(delivery.address)
        if template is None or phone is None:
            return Permanent("no template for this notice" if phone else "not a Vietnamese number")
        facts = {"code": delivery.message.case, "day": f"{day:%d/%m/%Y}", "text": _short(reaching, part.text)}
        body = {
            "phone": f"84{phone[1]}",
            "template_id": template.id,
            "template_data": {name: facts[fact] for name, fact in template.params.items()},
            "tracking_id": tracking(delivery.key),
        }
        return outcome(await self._client.call(PATH, body), delivery)

    async def close(self) -> None:
        """Do nothing: the connections are the account's."""


def tracking(key: str) -> str:
    """Return the name by which Zalo tells of a notice later; it gives nothing away."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _short(reaching: Reaching, text: str) -> str:
    """Return as much of the words as a template takes, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= reaching.letters else f"{words[: reaching.letters - 1].rstrip()}…"

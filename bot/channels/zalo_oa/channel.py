"""A Zalo Official Account. What happens there comes to a webhook, signed, and is stored before it is taken.

Zalo repeats an event with its original time until it is taken, so old ones are welcome: the same event is
known by its id. Buttons depend on the account's package; where it has none, choices are numbered lines.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.channels.channel import (
    Caps,
    Ingest,
    Outcome,
    Part,
    Read,
    RemoteFile,
    Sent,
)
from bot.channels.parts import split
from bot.channels.raw import parse, read_body
from bot.channels.zalo_oa import check, read, write
from bot.channels.zalo_oa.http import Answer, Client
from bot.channels.zalo_oa.outcome import outcome
from bot.findings import Finding
from domain.messages import Choice, FileRef, plain
from storage.mail.outbox import Delivery, Limits
from storage.store.engine import Store
from web.server import asset

log = structlog.get_logger(__name__)

ACCOUNT = "zalo-oa"
PATH = "/zalo-oa"
SIGNATURE = "X-ZEvent-Signature"
TO_PERSON, TO_GROUP = "/v3.0/oa/message/cs", "/v3.0/oa/group/message"

_MAX_TEXT = 2000
WITHOUT_BUTTONS = timedelta(days=1)
"""How long no buttons are tried after the account's package had none."""


@dataclass(frozen=True, slots=True)
class ZaloOaKeys:
    """The account as the settings describe it.

    `secret` signs what comes, `app_secret` renews tokens; `api_url` replaces all hosts of Zalo's where set.
    `check` is "log" while a new webhook is tried out: a wrong signature is noted and the event taken. People
    see a picture of ours at `public_url` where they are asked for their number; empty: they are not asked so.
    """

    app_id: str
    app_secret: SecretStr
    secret: SecretStr
    oa_id: str
    refresh_token: SecretStr
    api_url: str = ""
    check: Literal["strict", "log"] = "strict"
    verifier: str = ""
    public_url: str = ""


CAPS = Caps(
    max_text=_MAX_TEXT,  # in UTF-16 units: whether Zalo counts so or in characters, this fits
    buttons=5,
    edit=False,
    # Zalo takes 4,000 calls a minute from an app, and says nothing of a single chat.
    limits=Limits(timedelta(milliseconds=50), 5, timedelta(milliseconds=300), timedelta(seconds=1)),
    album=1,
    media=frozenset({"photo", "pdf"}),
)


class ZaloOa:
    """One Official Account. Raises ValueError when it cannot work as it is set up."""

    account = ACCOUNT

    def __init__(self, keys: ZaloOaKeys, store: Store) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]*", keys.verifier):
            raise ValueError("ZALO_OA_VERIFIER is what stands between zalo_verifier and .html, no more")
        self._keys = keys
        self._store = store
        self._plain_until = datetime.min.replace(tzinfo=UTC)
        self.caps = replace(CAPS, wishes=frozenset({"contact"})) if keys.public_url else CAPS
        self.client = Client(
            self.account,
            keys.app_id,
            keys.app_secret.get_secret_value(),
            keys.refresh_token.get_secret_value(),
            keys.api_url,
            store,
        )

    @property
    def secrets(self) -> Sequence[str]:
        """Return what must never stand in a log, with every token held so far."""
        keys = self._keys.app_secret, self._keys.secret, self._keys.refresh_token
        return [*(key.get_secret_value() for key in keys), *self.client.tokens.seen]

    async def close(self) -> None:
        """Let go of connections."""
        await self.client.close()

    # --- what comes in ---------------------------------------------------------------------------

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        """Return the webhook, and what Zalo asks for to see that the address is ours."""

        async def hook(request: web.Request) -> web.Response:
            raw = await read_body(request)
            event = parse(raw)
            if not self._signed(request, raw, event):
                log.warning("zalo_oa_signature_wrong", account=self.account, check=self._keys.check)
                if self._keys.check == "strict":
                    raise web.HTTPForbidden
            theirs = read.receiver(event) not in {"", self._keys.oa_id}  # said to another account of the app
            if not (theirs or read.beside(event)) and read.sender(event) != self._keys.oa_id:
                await ingest(read.arrived(self.account, event))
            return web.Response()

        async def greet(request: web.Request) -> web.Response:
            return web.Response(text=request.query.get("hub.challenge", "")[:200])

        async def verify(_request: web.Request) -> web.Response:
            return web.Response(text=_PROOF.format(code=self._keys.verifier), content_type="text/html")

        proof = [web.get(f"/zalo_verifier{self._keys.verifier}.html", verify)] if self._keys.verifier else []
        return [web.post(PATH, hook), web.get(PATH, greet), *proof]

    def _signed(self, request: web.Request, raw: bytes, event: object) -> bool:
        timestamp = str(event.get("timestamp", "")) if isinstance(event, dict) else ""
        ours = signature(self._keys.app_id, raw, timestamp, self._keys.secret.get_secret_value())
        given = request.headers.get(SIGNATURE, "").strip().removeprefix("mac=").lower()
        return hmac.compare_digest(given.encode(errors="surrogateescape"), ours.encode())

    async def examine(self, base_url: str) -> Sequence[Finding]:  # noqa: ARG002 - Zalo does not say
        """Look at tokens and quotas as the database knows them."""
        return await check.examine(self.account, self._store, strict=self._keys.check == "strict")

    def hook_by_hand(self, base_url: str) -> Sequence[str]:
        """Return what to enter at developers.zalo.me."""
        proof = f"{base_url}/zalo_verifier{self._keys.verifier}.html"
        return (
            f"at developers.zalo.me, in the app, under Webhook: {base_url}{PATH}",
            f"the address is proved by {proof}" if self._keys.verifier else "ZALO_OA_VERIFIER is not set",
        )

    async def listen(self, ingest: Ingest) -> None:  # noqa: ARG002 - what people write comes by the webhook
        """Poll nothing, and keep the account's tokens alive meanwhile."""
        await self.client.tokens.keep_alive()

    def normalize(self, body: Any) -> Read | None:  # noqa: ANN401 - the Protocol's
        """Read a stored event; None for what asks for nothing. Raises Unparsable."""
        return read.said(body)

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Return a file somebody sent. Raises TooBig or NotThere."""
        return await self.client.download(file.ref, most)

    # --- what goes out ---------------------------------------------------------------------------

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        """Send one file, or words with buttons and perhaps the card that asks for a number."""
        if part.files:
            return await self._send_file(delivery, part.files[0])
        said = await self._send_words(delivery, part)
        if part.wants == "contact" and isinstance(said, Sent) and not delivery.group:
            await self._ask_number(delivery, part.text)
        return said

    async def _send_words(self, delivery: Delivery, part: Part) -> Outcome:
        if self._has_buttons(delivery, part.choices):
            answer = await self._say(delivery, write.buttons(part.text, part.choices))
            if answer.sort != "tier":
                return outcome(answer, delivery)
            log.warning("zalo_oa_without_buttons", account=self.account, reason=answer.reason)
            self._plain_until = delivery.at + WITHOUT_BUTTONS
        said: Outcome = Sent()
        numbered = plain(replace(delivery.message, text=part.text, choices=part.choices))
        for piece in split(numbered, _MAX_TEXT):
            said = outcome(await self._say(delivery, write.text(piece)), delivery)
            if not isinstance(said, Sent):
                break
        return said

    def _has_buttons(self, delivery: Delivery, choices: Sequence[Choice]) -> bool:
        # In groups no message with buttons is documented.
        return (
            bool(choices) and not delivery.group and delivery.at >= self._plain_until and write.fits(choices)
        )

    async def _ask_number(self, delivery: Delivery, words: str) -> None:
        """Show the card that opens a form. The words before it have asked already: it may fail."""
        picture = f"{self._keys.public_url.rstrip('/')}{asset('desk.png')}"
        title = words.strip().partition("\n")[0]
        answer = await self._say(delivery, write.ask_particulars(title, words, picture))
        if answer.sort != "done":
            log.warning("zalo_oa_number_not_asked", account=self.account, reason=answer.reason)

    async def _send_file(self, delivery: Delivery, file: FileRef) -> Outcome:
        content = await self._store.files.get(file.id)
        photo = file.media == "photo"
        if photo:
            content = await asyncio.to_thread(write.small, content)
        elif len(content) > write.MOST_FILE:
            log.warning("zalo_oa_file_left_out", account=self.account, size=len(content))
            return Sent()
        name = " ".join(file.name.split()) or ("anh.jpg" if photo else "tep.pdf")
        uploaded = await self.client.upload("image" if photo else "file", name, content)
        if uploaded.sort != "done":
            return self._not_shown(delivery, uploaded)
        answer = Answer("payload", "an upload that is called nothing")
        for body in write.uploaded(uploaded.data, photo=photo):
            if (answer := await self._say(delivery, body)).sort != "payload":
                break
        return self._not_shown(delivery, answer)

    def _not_shown(self, delivery: Delivery, answer: Answer) -> Outcome:
        """Return what becomes of a file: one that will never be taken is left out where words follow it."""
        if answer.sort in {"size", "payload"} and delivery.message.text:
            log.error("zalo_oa_file_left_out", account=self.account, reason=answer.reason)
            return Sent()
        return outcome(answer, delivery)

    async def _say(self, delivery: Delivery, message: write.Body) -> Answer:
        """Make the call that sends a message."""
        path, to = (TO_GROUP, "group_id") if delivery.group else (TO_PERSON, "user_id")
        return await self.client.call(path, {"recipient": {to: delivery.address}, "message": message})


_PROOF = (
    '<!doctype html><html><head><meta name="zalo-platform-site-verification" content="{code}">'
    "</head><body>{code}</body></html>"
)


def signature(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """Return what Zalo signs a webhook's body with: a plain SHA-256, in hex."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()

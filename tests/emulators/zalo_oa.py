"""A Zalo Official Account on loopback: tokens, messages, uploads, quotas, notices by phone, and its webhook.

All that the platform's three hosts serve, on one address. Errors come inside HTTP 200; a refresh token works
once; bodies are judged by models of the tests' own in which nothing unknown may stand.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from aiohttp import web
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.emulators.loopback import START, Delivery, Shown
from tests.emulators.telegram_contract import Json
from tests.emulators.zalo_oa_contract import (
    BODIES,
    EXPIRED,
    LEFT,
    QUOTA,
    STRANGER,
    TIER,
    UPLOADS,
    WINDOW,
    ZNS_NIGHT,
    ZNS_NOBODY,
    ZNS_QUOTA,
    ZNS_TOKEN,
    CodeForm,
    Error,
    RefreshForm,
    Zns,
    oauth_error,
    refusal,
    zns_refusal,
)
from tests.emulators.zalo_oa_people import Group, Person
from tests.emulators.zalo_oa_tokens import TokenOffice

HOUR = 3600
FREE, WINDOW_ENDS = 48 * HOUR, 7 * 24 * HOUR
UPLOAD_LIVES = 7 * 24 * HOUR
VIETNAM = timezone(timedelta(hours=7))
PAIR = TypeAdapter[RefreshForm | CodeForm](RefreshForm | CodeForm)


@dataclass(frozen=True)
class Sent:
    """A message the account was allowed to send. `endpoint`: cs, transaction, promotion or group."""

    endpoint: str
    body: Json
    message_id: str


@dataclass(frozen=True)
class Upload:
    """What was uploaded. `until`: seconds since 1970."""

    kind: str
    name: str
    content: bytes
    until: float


def signature(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """Sign a webhook's body: plain SHA-256 of the four one after the other, in hex."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


class ZaloOaServer(TokenOffice):
    """The server. `access_token` and `refresh_token` are the newest pair; `sent` and `zns` what went out."""

    oa_id, oa_secret = "8484000000000000001", "oa-secret-emulated"

    def __init__(
        self, clock: Callable[[], float] = lambda: START, routes: Sequence[web.AbstractRouteDef] = ()
    ) -> None:
        super().__init__(clock, routes)
        self.tier = "advanced"
        self.file_key = "token"
        self.id_key = "msg_id"
        self.mac = "mac="
        self.hidden_event = "user_send_text"
        self.echoes = False
        self.tolerance, self.disabled, self._failures = 10, False, 0
        self.free_replies = 8
        self.quota = {"sub_quota": 500, "purchase_quota": 0, "reward_quota": 0}
        self.uploads: dict[str, Upload] = {}
        self.sent: list[Sent] = []
        self.zns: list[Json] = []
        self.zns_quota = 500
        self.templates: dict[str, set[str]] = {}
        self.no_account: set[str] = set()
        self._people: dict[str, Person] = {}
        self._groups: dict[str, Group] = {}

    # --- what tests do -----------------------------------------------------------------------------

    def user(self, number: str) -> Person:
        """Return a person, by the id the account knows them by."""
        return self._people.setdefault(number, Person(self, number))

    def group(self, number: str) -> Group:
        """Return a group the account is in."""
        return self._groups.setdefault(number, Group(self, number))

    def sign(self, raw: bytes, timestamp: str) -> str:
        """Return the signature header's value for a body."""
        return self.mac + signature(self.app_id, raw, timestamp, self.oa_secret)

    def id_of(self, number: str) -> Json:
        """Name a message as this platform does today."""
        return {self.id_key: number} if number else {}

    def emit(self, event: str, content: Json, queue: str) -> Delivery:
        """Write an event and bring it to the webhook, after those of the same queue."""
        head = {"event_name": event, "app_id": self.app_id, "user_id_by_app": f"9{queue}"}
        return self.emit_raw(head | content | {"timestamp": str(self.tick())}, queue)

    def emit_raw(self, body: Json, queue: str = "raw", *, raw: bytes | None = None) -> Delivery:
        """Sign a body of any shape (or those very bytes) and bring it to the webhook."""
        raw = json.dumps(body, ensure_ascii=False).encode() if raw is None else raw
        headers = {"X-ZEvent-Signature": self.sign(raw, str(body.get("timestamp", "")))}
        delivery = Delivery(raw, headers)
        if self.disabled:
            self.lost.append(delivery)
            return delivery
        return self.enqueue(delivery, queue)

    def brought(self, delivery: Delivery) -> None:
        """Switch the webhook off after too many events it would not take."""
        self._failures = 0 if delivery.taken else self._failures + 1
        self.disabled = self._failures >= self.tolerance

    # --- the server ---------------------------------------------------------------------------------

    def add_routes(self, router: web.UrlDispatcher) -> None:
        self._route(router, "/v4/oa/access_token", "access_token", self._token)
        for name in ("cs", "transaction", "promotion"):
            self._route(router, f"/v3.0/oa/message/{name}", name, self._message)
        self._route(router, "/v3.0/oa/group/message", "group", self._message)
        self._route(router, "/v3.0/oa/quota/message", "quota", self._ask_quota)
        self._route(router, "/message/template", "zns", self._notice)
        for name in UPLOADS:
            self._route(router, f"/v2.0/oa/upload/{name}", name, self._upload)

    def _route(
        self,
        router: web.UrlDispatcher,
        path: str,
        name: str,
        handler: Callable[[web.Request, str, object], Awaitable[Json]],
    ) -> None:
        async def respond(request: web.Request) -> web.StreamResponse:
            async def answer(fault: object) -> web.StreamResponse:
                try:
                    return web.json_response(await handler(request, name, fault))
                except Error as error:
                    return web.json_response(error.body())

            return await self.serve(request, name, answer)

        router.add_post(path, respond)

    async def _body(self, request: web.Request, name: str, fault: object, token: Error = EXPIRED) -> Json:
        """Read a call's JSON, note it, and hold up who has no good token."""
        if request.content_type != "application/json":
            raise self._violation(name, Error(-201, f"Params is invalid: {request.content_type}"))
        try:
            body: Json = await request.json()
        except ValueError as flaw:
            raise self._violation(name, Error(-201, "Params is invalid: no JSON")) from flaw
        self.calls.append((name, body))
        self._enter(request, fault, token)
        return body

    def _enter(self, request: web.Request, fault: object, token: Error = EXPIRED) -> None:
        if isinstance(fault, Error):
            raise fault
        if not self.good(request.headers.get("access_token", "")):
            raise token

    def _violation(self, name: str, error: Error) -> Error:
        self.refused.append(f"{name}: {error}")
        return error

    def _check(
        self, name: str, model: type[BaseModel], body: Json, say: Callable[[ValidationError], Error] = refusal
    ) -> None:
        try:
            model.model_validate(body)
        except ValidationError as flaw:
            self.refused.append(f"{name}: {flaw}")
            raise say(flaw) from flaw

    # --- tokens -------------------------------------------------------------------------------------

    async def _token(self, request: web.Request, name: str, fault: object) -> Json:
        if request.content_type != "application/x-www-form-urlencoded":
            raise self._violation(name, oauth_error(-14001, f"No form: {request.content_type}"))
        form = dict(await request.post())
        self.calls.append((name, form))
        if isinstance(fault, Error):
            raise fault
        try:
            wanted = PAIR.validate_python(form)
        except ValidationError as flaw:
            raise self._violation(name, oauth_error(-14001, f"Invalid parameters: {flaw}")) from flaw
        if wanted.app_id != self.app_id:
            raise oauth_error(-14002, "Invalid app id.")
        if request.headers.get("secret_key") != self.app_secret:
            raise oauth_error(-14004, "Invalid secret key.")
        self.spend(wanted)
        self.new_pair()
        pair = {"access_token": self.access_token, "refresh_token": self.refresh_token}
        return pair | {"expires_in": str(self.token_lives)}

    # --- messages -----------------------------------------------------------------------------------

    async def _message(self, request: web.Request, name: str, fault: object) -> Json:
        body = await self._body(request, name, fault)
        self._check(name, BODIES[name], body)
        message = body["message"]
        if self.tier == "basic" and "buttons" in message.get("attachment", {}).get("payload", {}):
            raise TIER
        shown = self._shown(name, message)
        group = name == "group"
        where = self._group(body) if group else self._person(body)
        quota = self._charge(where, name) if isinstance(where, Person) else {}
        where.messages.append(shown)
        self.sent.append(Sent(name, body, shown.id))
        if self.echoes:
            self._echo(where, shown)
        data = {"message_id": shown.id} | body["recipient"] | ({"quota": quota} if quota else {})
        return {"error": 0, "message": "Success", "data": data}

    def _person(self, body: Json) -> Person:
        person = self._people.get(body["recipient"]["user_id"])
        if person is None:
            raise STRANGER
        if person.left:
            raise LEFT
        return person

    def _group(self, body: Json) -> Group:
        if body["recipient"]["group_id"] not in self._groups:
            raise Error(-201, "Params is invalid: group_id")
        return self._groups[body["recipient"]["group_id"]]

    def _charge(self, person: Person, name: str) -> Json:
        """Take one message from what is free, else from the account's quotas; transactions always pay."""
        if name == "cs":
            age = self.now - person.spoke_at if person.spoke_at is not None else WINDOW_ENDS + 1
            if age > WINDOW_ENDS:
                raise WINDOW
            if age <= FREE and person.replies < self.free_replies:
                person.replies += 1
                return self._quota("reply", self.free_replies - person.replies, self.free_replies)
        for kind, remain in self.quota.items():
            if remain:
                self.quota[kind] -= 1
                return self._quota(kind, remain - 1, 500)
        raise QUOTA

    def _quota(self, kind: str, remain: int, total: int) -> Json:
        until = datetime.fromtimestamp(self.now + FREE, VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
        counts = {"quota_type": kind, "remain": str(remain), "total": str(total), "expired_date": until}
        return counts | {"owner_type": "OA", "owner_id": self.oa_id}

    def _shown(self, name: str, message: Json) -> Shown:
        """Read a message as it will look; what it attaches must have been uploaded here."""
        shown = Shown(self.new_id(), mine=False, text=message.get("text", ""))
        payload = message.get("attachment", {}).get("payload", {})
        shown.buttons = payload.get("buttons", [])
        shown.asks_info = payload.get("template_type") == "request_user_info"
        for element in payload.get("elements", []):
            if shown.asks_info:
                shown.text = f"{element['title']}\n{element['subtitle']}"
            elif "media_type" in element:
                shown.images.append(self._uploaded(element["media_type"], element["attachment_id"]).content)
            else:
                shown.text += f"{_words(element)}\n"
        if message.get("attachment", {}).get("type") == "file":
            if self.file_key not in payload:
                raise self._violation(name, Error(-201, f"Params is invalid: {self.file_key} is missing"))
            upload = self._uploaded("file", payload[self.file_key])
            shown.files[upload.name] = upload.content
        return shown

    def _uploaded(self, kind: str, number: str) -> Upload:
        upload = self.uploads.get(number)
        if upload is None or upload.kind != kind or upload.until <= self.now:
            raise Error(-201, "Params is invalid: attachment_id")
        return upload

    def _echo(self, where: Person | Group, shown: Shown) -> None:
        event = "oa_send_image" if shown.images else "oa_send_file" if shown.files else "oa_send_text"
        event = "oa_send_group_text" if isinstance(where, Group) else event
        ends = {"sender": {"id": self.oa_id}, "recipient": {"id": where.id}}
        self.emit(event, ends | {"message": {"text": shown.text} | self.id_of(shown.id)}, where.id)

    async def _ask_quota(self, request: web.Request, name: str, fault: object) -> Json:
        body = await self._body(request, name, fault)
        self._check(name, BODIES[name], body)
        rows = [self._quota(kind, remain, 500) for kind, remain in self.quota.items()]
        if (person := self._people.get(body.get("user_id", ""))) is not None:
            open_still = person.spoke_at is not None and self.now - person.spoke_at <= FREE
            remain = max(0, self.free_replies - person.replies) if open_still else 0
            rows = [self._quota("reply", remain, self.free_replies), *rows]
        kind = body.get("quota_type")
        rows = [row for row in rows if kind in {None, row["quota_type"]}]
        return {"error": 0, "message": "Success", "data": rows}

    async def _upload(self, request: web.Request, kind: str, fault: object) -> Json:
        self.calls.append((kind, {}))
        self._enter(request, fault)
        form = await request.post()
        field: Any = form.get("file")
        if [*form] != ["file"] or not isinstance(field, web.FileField):
            raise self._violation(kind, Error(-201, "Params is invalid: file"))
        content, name, rule = field.file.read(), field.filename, UPLOADS[kind]
        if len(content) > rule.most:
            raise self._violation(kind, Error(-210, "Parameter exceeds allowed limit: file"))
        magic = rule.magic.get(name.rpartition(".")[2].lower())
        if magic is None or not content.startswith(magic):
            raise self._violation(kind, Error(-201, f"File type is not allowed: {name.rpartition('.')[2]}"))
        number = f"up-{self.new_id()}"
        self.uploads[number] = Upload(kind, name, content, self.now + UPLOAD_LIVES)
        key = self.file_key if kind == "file" else "attachment_id"
        return {"error": 0, "message": "Success", "data": {key: number}}

    # --- notices by phone ---------------------------------------------------------------------------

    async def _notice(self, request: web.Request, name: str, fault: object) -> Json:
        body = await self._body(request, name, fault, ZNS_TOKEN)
        self._check(name, Zns, body, zns_refusal)
        wanted = self.templates.get(body["template_id"])
        if wanted is None:
            raise self._violation(name, Error(-109, "Template id is invalid"))
        if set(wanted) != set(body["template_data"]) or not all(body["template_data"].values()):
            raise self._violation(name, Error(-112, f"Template data is invalid: {sorted(wanted)} are needed"))
        if body["tracking_id"] in {notice["tracking_id"] for notice in self.zns}:
            raise Error(-132, "Param tracking_id is a duplicate")
        if body["phone"] in self.no_account:
            raise ZNS_NOBODY
        if not 6 <= datetime.fromtimestamp(self.now, UTC).astimezone(VIETNAM).hour < 22:
            raise ZNS_NIGHT
        if not self.zns_quota:
            raise ZNS_QUOTA
        self.zns_quota -= 1
        self.zns.append(body)
        quota = {"dailyQuota": "500", "remainingQuota": str(self.zns_quota)}
        data = {"msg_id": self.new_id(), "sent_time": str(self.tick()), "quota": quota}
        return {"error": 0, "message": "Success", "data": data | {"tracking_id": body["tracking_id"]}}


def _words(block: Json) -> str:
    content = block.get("content") or ""
    return content if isinstance(content, str) else "\n".join(f"{c['key']}: {c['value']}" for c in content)

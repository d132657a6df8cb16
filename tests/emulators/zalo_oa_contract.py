"""What a Zalo Official Account takes: bodies, limits and codes."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from tests.emulators.loopback import Address, Id, Strict, units
from tests.emulators.telegram_contract import Json

MOST_TEXT, MOST_TITLE, MOST_PAYLOAD, MOST_BUTTONS = 2000, 100, 1000, 5
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Uploads:
    """What may be uploaded as one kind: at most so many bytes, beginning like this per ending."""

    most: int
    magic: dict[str, bytes]


UPLOADS = {
    "image": Uploads(MEGABYTE, {"jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG"}),
    "gif": Uploads(5 * MEGABYTE, {"gif": b"GIF8"}),
    "file": Uploads(5 * MEGABYTE, {"pdf": b"%PDF", "docx": b"PK\x03\x04", "doc": b"\xd0\xcf\x11\xe0"}),
}


class Error(Exception):
    """An answer that is not a success, inside HTTP 200; as a fault, the next answer."""

    def __init__(self, code: int, message: str, **more: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.more = more

    def body(self) -> Json:
        """Return the answer as the platform writes it."""
        return {"error": self.code, "message": self.message} | self.more


class TextTooLong(ValueError):
    """Words beyond the limit, which have a code of their own."""


EXPIRED = Error(-216, "Access token is invalid")
TIER = Error(-224, "The OA needs to upgrade OA Tier Package")
TOO_LONG = Error(-210, "Parameter exceeds allowed limit: text")
BUSY = Error(-32, "API rate limit exceeded")
WINDOW = Error(12007, "User has not interacted with the OA in the past 7 days")
LEFT = Error(12008, "The user has not followed the OA")
STRANGER = Error(12009, "User has never interacted with the OA")
QUOTA = Error(12000, "OA has run out of message quota")
ZNS_QUOTA = Error(-115, "Out of quota")
ZNS_NOBODY = Error(-118, "Zalo account not existed")
ZNS_TOKEN = Error(-124, "Access token invalid")
ZNS_NIGHT = Error(-133, "ZNS is not allowed to be sent at night (22h - 6h)")


def oauth_error(code: int, name: str) -> Error:
    """Return an error of the token's address, which is named in a way of its own."""
    return Error(code, name, error_name=name, error_reason="emulated", ref_doc="https://developers.zalo.me")


def _units(text: str) -> str:
    if not text.strip():
        raise ValueError("text is empty")
    if units(text) > MOST_TEXT:
        raise TextTooLong("text is too long")
    return text


Text = Annotated[str, AfterValidator(_units)]
Phone = Annotated[str, StringConstraints(pattern=r"^84\d{9}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TITLE, pattern=r"\S")]
Payload = Annotated[str, StringConstraints(min_length=1, max_length=MOST_PAYLOAD)]


class UrlPayload(Strict):
    """Where a button leads."""

    url: Address


class PhonePayload(Strict):
    """Whom a button rings."""

    phone_code: str


class SmsPayload(PhonePayload):
    """What a button writes to whom."""

    content: Annotated[str, StringConstraints(min_length=1, max_length=160)]


class OpenUrl(Strict):
    """A button that opens a page."""

    title: Title
    type: Literal["oa.open.url"]
    payload: UrlPayload


class Query(Strict):
    """A button that answers the account, seen or unseen."""

    title: Title
    type: Literal["oa.query.show", "oa.query.hide"]
    payload: Payload


class OpenPhone(Strict):
    """A button that dials."""

    title: Title
    type: Literal["oa.open.phone"]
    payload: PhonePayload


class OpenSms(Strict):
    """A button that opens a text message."""

    title: Title
    type: Literal["oa.open.sms"]
    payload: SmsPayload


Button = Annotated[OpenUrl | Query | OpenPhone | OpenSms, Field(discriminator="type")]


class ButtonsTemplate(Strict):
    """Buttons under a text."""

    buttons: list[Button] = Field(min_length=1, max_length=MOST_BUTTONS)


class Image(Strict):
    """An image that was uploaded."""

    media_type: Literal["image"]
    attachment_id: Id


class Gif(Strict):
    """A moving image that was uploaded, with its size."""

    media_type: Literal["gif"]
    attachment_id: Id
    width: int = Field(gt=0)
    height: int = Field(gt=0)


class MediaTemplate(Strict):
    """One image, under an optional text."""

    template_type: Literal["media"]
    elements: list[Annotated[Image | Gif, Field(discriminator="media_type")]] = Field(
        min_length=1, max_length=1
    )


class Invitation(Strict):
    """The card that asks a person for their name and number."""

    title: Title
    subtitle: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    image_url: Address


class InfoTemplate(Strict):
    """A request for a person's particulars."""

    template_type: Literal["request_user_info"]
    elements: list[Invitation] = Field(min_length=1, max_length=1)


class Template(Strict):
    """A template of any kind."""

    type: Literal["template"]
    payload: ButtonsTemplate | MediaTemplate | InfoTemplate


class TokenPayload(Strict):
    """A file by the token its upload gave."""

    token: Id


class AttachmentPayload(Strict):
    """The same in the other spelling."""

    attachment_id: Id


class File(Strict):
    """A file."""

    type: Literal["file"]
    payload: TokenPayload | AttachmentPayload


class Message(Strict):
    """What is said: words, a template or a file."""

    text: Text | None = None
    quote_message_id: Id | None = None
    attachment: Annotated[Template | File, Field(discriminator="type")] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        payload = self.attachment.payload if self.attachment else None
        wordless = isinstance(payload, InfoTemplate | TokenPayload | AttachmentPayload)
        worded = payload is None or isinstance(payload, ButtonsTemplate)
        if (wordless and self.text) or (worded and not self.text):
            raise ValueError("text and attachment do not go together")
        return self


class ToUser(Strict):
    """A person, by the id the account knows them by."""

    user_id: Id


class ToGroup(Strict):
    """A group."""

    group_id: Id


class Send(Strict):
    """A message to a person."""

    recipient: ToUser
    message: Message


class GroupSend(Strict):
    """A message to a group."""

    recipient: ToGroup
    message: Message


class Cell(Strict):
    """A line of a transaction's table."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=25)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Block(Strict):
    """A part of a transaction."""

    type: Literal["header", "text", "table", "banner"]
    content: Text | list[Cell] | None = None
    attachment_id: Id | None = None


class NoticeTemplate(Strict):
    """A transaction or a promotion: blocks and buttons."""

    template_type: Annotated[str, StringConstraints(pattern=r"^(transaction_[a-z]+|promotion)$")]
    language: Literal["VI", "EN"] = "VI"
    elements: list[Block] = Field(min_length=1)
    buttons: list[Button] = Field(default=[], max_length=4)


class NoticeAttachment(Strict):
    """The same as an attachment."""

    type: Literal["template"]
    payload: NoticeTemplate


class NoticeMessage(Strict):
    """The same as a message."""

    attachment: NoticeAttachment


class Notice(Strict):
    """A transaction or a promotion to a person."""

    recipient: ToUser
    message: NoticeMessage


class AskQuota(Strict):
    """Which quotas are asked for; a person's free replies with `user_id`."""

    user_id: Id | None = None
    quota_owner: Literal["OA"] = "OA"
    product_type: Literal["cs", "transaction"] = "cs"
    quota_type: Literal["reply", "sub_quota", "purchase_quota", "reward_quota"] | None = None


class Zns(Strict):
    """A paid notice to a phone number."""

    phone: Phone
    template_id: Id
    template_data: dict[str, str]
    tracking_id: Annotated[str, StringConstraints(min_length=1, max_length=48)]
    mode: Literal["development"] | None = None


class RefreshForm(Strict):
    """A refresh token for a new pair."""

    app_id: str
    grant_type: Literal["refresh_token"]
    refresh_token: str


class CodeForm(Strict):
    """A consent's code for the first pair."""

    app_id: str
    grant_type: Literal["authorization_code"]
    code: str
    code_verifier: str | None = None


BODIES: dict[str, type[Strict]] = {
    "cs": Send,
    "transaction": Notice,
    "promotion": Notice,
    "group": GroupSend,
    "quota": AskQuota,
}


def refusal(error: ValidationError) -> Error:
    """Return what the platform says of a body that breaks the contract."""
    if any(isinstance(flaw.get("ctx", {}).get("error"), TextTooLong) for flaw in error.errors()):
        return TOO_LONG
    return Error(-201, f"Params is invalid: {_where(error)}")


def zns_refusal(error: ValidationError) -> Error:
    """Return what the notices' address says of it."""
    where = _where(error)
    return Error(-108, "Phone number is invalid") if where == "phone" else Error(-132, f"Param {where}")


def _where(error: ValidationError) -> str:
    first: Any = error.errors()[0]
    return ".".join(map(str, first["loc"]))

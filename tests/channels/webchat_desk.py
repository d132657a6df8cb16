"""What the web chat's tests have in common: a photo, a post, a page, a stream's events."""

import asyncio
import io
import re
from uuid import uuid4

from aiohttp import ClientResponse, ClientSession
from PIL import Image

from domain.messages import Choice

CLIENT_ID = "0123456789abcdef"
YES, NO = Choice("Đúng, gửi đi", "send"), Choice("Sửa", "edit")
SCRIPT = {"Accept": "application/json"}


def photo() -> bytes:
    """Draw a small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


async def write(person: ClientSession, text: str = "Cống tắc", **more: str) -> ClientResponse:
    """Post a message as chat.js does."""
    form = {"client_id": more.pop("client_id", uuid4().hex), "text": text, **more}
    async with person.post("/chat/send", data=form, headers=SCRIPT) as answer:
        await answer.read()
        return answer


async def page(person: ClientSession, query: str = "") -> str:
    """Read the page."""
    async with person.get(f"/chat{query}") as answer:
        assert answer.status == 200
        return await answer.text()


async def events(
    person: ClientSession, after: int, most: int, headers: dict[str, str] | None = None
) -> list[str]:
    """Read so many events of the stream; each is its id and its HTML."""
    async with person.get(f"/chat/stream?after={after}", headers=headers or {}) as answer:
        assert answer.content_type == "text/event-stream"
        told: list[str] = []
        event = ""
        async with asyncio.timeout(5):
            while len(told) < most:
                line = (await answer.content.readline()).decode().rstrip("\r\n")
                event, told = (event + line + "\n", told) if line else ("", [*told, event] if event else told)
        return told


def ids(told: list[str]) -> list[int]:
    """Return the events' ids."""
    return [int(found) for event in told for found in re.findall(r"^id: (\d+)$", event, re.MULTILINE)]

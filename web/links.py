"""Links to stored files that anybody can open until a moment: for platforms that fetch, and for people.

Only who is given a link knows it, and it opens one file for as long as the chat it was made for may see that:
who comes cannot be known here, so it is asked whose link it was. Nothing lists them, and none is logged.
"""

import secrets
from datetime import datetime
from pathlib import PurePath
from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from domain.messages import FileRef
from services.standing import access
from storage.cases import attachments
from storage.ground.crypto import CannotOpen
from storage.ground.instant import from_ms, to_ms
from storage.store.engine import Store
from web.downloads import Handing, download


class Links:
    """Makes the links of one installation, and opens them."""

    def __init__(self, store: Store, public_url: str) -> None:
        self._store = store
        self._public_url = public_url
        self._handing = Handing()

    def make(self, file: FileRef, until: datetime, chat_key: str) -> str:
        """Return the address at which this file lies until then for a chat: short, and without its name."""
        end = str(to_ms(until))
        name = quote(file.media + PurePath(file.name).suffix)
        signature = self._signature(file.id, end, chat_key)
        return f"{self._public_url}/files/{file.id}/{name}?until={end}&to={chat_key}&k={signature}"

    def routes(self) -> list[web.RouteDef]:
        """Return where the files lie."""
        return [web.get("/files/{id}/{name}", self._open)]

    def _signature(self, file_id: str, end: str, chat_key: str) -> str:
        return self._store.keyring.blind("public file link", file_id, end, chat_key)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file; whatever is wrong with its link, it is not there."""
        file_id, end = request.match_info["id"], request.query.get("until", "")
        given = request.query.get("k", "").encode(errors="surrogateescape")
        chat_key = request.query.get("to", "")
        if not secrets.compare_digest(given, self._signature(file_id, end, chat_key).encode()):
            raise web.HTTPNotFound
        async with self._store.read() as work:
            file = await attachments.find(work, UUID(file_id)) if work.now <= from_ms(int(end)) else None
            known = file is not None and await access.may_open(work, chat_key, UUID(file_id), noted=False)
            may = known and chat_key in work.chats
        if file is None or not may:
            raise web.HTTPNotFound

        async def answer() -> web.Response:
            try:
                content = await self._store.files.get(file.id)
            except (OSError, CannotOpen):
                raise web.HTTPNotFound from None
            return download(request, file, content, to_anybody=True)

        return await self._handing.out(request, file_id, file.size, answer)

"""What comes with one POST to the web chat: its fields, the files that were kept, and those that were not."""

from dataclasses import dataclass, field

from services.intake import attachments as files
from services.intake import uploads
from services.intake.uploads import Sender
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.mail import inbox
from storage.mail.webchat import ACCOUNT
from storage.store.engine import Store
from web.forms import Fields, Upload

_NAME = 80
"""Letters of the name of a refused file that are shown."""


@dataclass(slots=True)
class Posted:
    """One POST of a chat, as it comes in."""

    store: Store
    chat_key: str
    most: int
    fields: Fields = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Words key and file name of each refused file."""

    async def take(self, client_id: str, message: str, upload: Upload) -> None:
        """Clean one file and keep it, or note why not. `message` is what the inbox will call the POST."""
        try:
            if upload.too_big:
                raise files.Refused("upload.too_big")  # noqa: TRY301 - refused like any other
            sender = Sender(self.chat_key, client_id)
            async with uploads.keeping(self.store, sender, upload.content, upload.name, self.most) as kept:
                await self._record(message, kept)
        except files.Refused as refusal:
            self.refused.append((refusal.key, files.shown_name(upload.name, _NAME)))
        else:
            self.kept.append(kept)

    async def _record(self, message: str, kept: Kept) -> None:
        """Write the row at once: should the rest of the POST never come, the file is known and swept.

        What comes again after it was answered brings no file back that was let go meanwhile.
        """
        async with self.store.work() as work:
            if not await inbox.is_done(work, ACCOUNT, message):
                await attachments.add(work, self.chat_key, [kept])
            elif not await attachments.known(work, [kept.ref.id]):
                work.files_gone.add(kept.ref.id)

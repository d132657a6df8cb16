"""Papers (PDF): who wrote them with what is taken out, and what photos inside say of their camera."""

import io
import struct
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from services.intake.traces.unsure import Unsure

_TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Author", "/ID")
_OF_NOTES = ("/T", "/M", "/CreationDate", "/NM", "/RC", "/Subj")
_MOST = 50_000
"""Objects of a paper that is looked through."""


def strip(content: bytes) -> bytes:
    """Return the paper written anew. Raises Unsure, also for one that is locked, signed or broken."""
    try:
        return _written(PdfReader(io.BytesIO(content), strict=False))
    except Unsure:
        raise
    except Exception as error:  # a broken paper can fail in any way the library's author did not think of
        raise Unsure from error


def _written(reader: PdfReader) -> bytes:
    if reader.is_encrypted or not reader.pages:
        raise Unsure
    form = reader.root_object.get("/AcroForm")
    if form is not None and int(form.get_object().get("/SigFlags", 0)):
        raise Unsure  # written anew, its signature would not hold
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    root = writer._root_object  # noqa: SLF001 - the library has no other way to the catalogue
    for name in ("/Names", "/AF", "/Collection", "/OpenAction", "/AA", *_TELLING):
        root.pop(NameObject(name), None)
    objects = [one for one in writer._objects if one is not None]  # noqa: SLF001 - as above
    if len(objects) > _MOST:
        raise Unsure
    for one in objects:
        _clean(one)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _clean(one: Any) -> None:  # noqa: ANN401 - whatever a paper holds
    if not isinstance(one, DictionaryObject):
        return
    names = _TELLING + (_OF_NOTES if one.get("/Type") == "/Annot" else ())
    for name in names:
        one.pop(NameObject(name), None)
    if isinstance(one, StreamObject) and _is_photo(one):
        one._data = _without_camera(one._data)  # noqa: SLF001 - the photo as it lies in the paper


def _is_photo(one: StreamObject) -> bool:
    return one.get("/Filter") == "/DCTDecode" or one.get("/Filter") == ["/DCTDecode"]


def _without_camera(photo: bytes) -> bytes:
    """Return a JPEG without the parts in which cameras and programs write of themselves. Raises Unsure."""
    if photo[:2] != b"\xff\xd8":
        raise Unsure
    kept, at = [photo[:2]], 2
    while at + 4 <= len(photo) and photo[at] == 0xFF and photo[at + 1] != 0xDA:
        (size,) = struct.unpack_from(">H", photo, at + 2)
        marker, part = photo[at + 1], photo[at : at + 2 + size]
        if marker != 0xFE and not (0xE1 <= marker <= 0xEF and marker != 0xEE):
            kept.append(part)
        at += 2 + size
    if at + 2 > len(photo) or photo[at + 1] != 0xDA:
        raise Unsure
    return b"".join((*kept, photo[at:]))

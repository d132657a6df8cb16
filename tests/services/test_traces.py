"""What files say of where, with what and by whom they were made is gone; what is seen and heard is not."""

import io
import struct
import wave

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from services.intake import attachments, traces
from services.intake.traces import ogg

PLACE, MAKER, WHO = b"+18.0821+106.2911/", b"OPPO A5 2020", b"Nguyen Thi Hoa"
TELLING = (PLACE, MAKER, WHO)
SOUND = bytes(range(256)) * 4


def box(kind: bytes, body: bytes) -> bytes:
    """Return a box of a film."""
    return struct.pack(">I4s", len(body) + 8, kind) + body


def film(brand: bytes = b"isom", handler: bytes = b"vide", extra: bytes = b"") -> bytes:
    """Return a film as a phone writes it: its place, its maker and who it is, each in a box."""
    times = struct.pack(">IIII", 0, 3_800_000_000, 3_800_000_001, 600)
    track = box(
        b"trak", box(b"mdia", box(b"mdhd", times) + box(b"hdlr", bytes(8) + handler + bytes(12) + WHO))
    )
    telling = box(b"udta", box(b"\xa9xyz", PLACE) + box(b"\xa9mak", MAKER)) + box(b"meta", bytes(4) + MAKER)
    moov = box(b"moov", box(b"mvhd", times) + track + telling + extra)
    return box(b"ftyp", brand + bytes(4) + brand) + moov + box(b"mdat", SOUND) + box(b"uuid", bytes(16) + WHO)


def id3() -> bytes:
    """Return an ID3v2 tag."""
    frames = b"TPE1" + struct.pack(">I", len(WHO) + 1) + b"\0\0\0" + WHO
    return b"ID3\x03\0\0" + bytes([0, 0, len(frames) >> 7, len(frames) & 0x7F]) + frames


def mp3() -> bytes:
    """Return frames between the tags of every kind."""
    frames = (b"\xff\xfb\x90\x00" + bytes(413)) * 3
    ape = b"Artist" + WHO
    foot = b"APETAGEX" + struct.pack("<IIII", 2000, len(ape) + 32, 1, 0) + bytes(8)
    last = b"TAG" + WHO.ljust(125, b"\0")
    return id3() + frames + ape + foot + last


def page(number: int, packets: list[bytes], *, first: bool = False) -> bytes:
    """Return a page of Ogg."""
    sizes = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in packets)
    head = b"OggS\0" + bytes([2 if first else 0]) + bytes(8) + struct.pack("<III", 7, number, 0)
    whole = head + bytes([len(sizes)]) + sizes + b"".join(packets)
    return whole[:22] + struct.pack("<I", ogg._check(whole)) + whole[26:]


def voice(head: bytes = b"OpusHead", tags: bytes = b"OpusTags") -> bytes:
    """Return a recording with comments."""
    comments = [b"ARTIST=" + WHO, b"LOCATION=" + PLACE]
    packet = tags + struct.pack("<I", len(MAKER)) + MAKER + struct.pack("<I", len(comments))
    packet += b"".join(struct.pack("<I", len(one)) + one for one in comments)
    packet += b"\x01" if tags[:1] == b"\x03" else b""
    return page(0, [head + bytes(11)], first=True) + page(1, [packet]) + page(2, [SOUND])


def wav() -> bytes:
    """Return a sound with what programs write behind it."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(SOUND)
    tail = b"LIST" + struct.pack("<I", 4 + 8 + len(WHO)) + b"INFOIART" + struct.pack("<I", len(WHO)) + WHO
    return out.getvalue() + tail


def element(name: str, body: bytes) -> bytes:
    """Return an element of WebM."""
    return bytes.fromhex(name) + struct.pack(">Q", len(body) | 1 << 56) + body


def webm() -> bytes:
    """Return a film as a browser records it: no lengths where it cannot know them."""
    info = element("1549A966", element("4D80", b"Chrome") + element("5741", MAKER) + element("7BA9", WHO))
    track = element("1654AE6B", element("AE", element("86", b"V_VP8")))
    tags = element("1254C367", element("7373", PLACE))
    cluster = bytes.fromhex("1F43B675") + b"\x01" + b"\xff" * 7 + element("E7", b"\0") + element("A3", SOUND)
    head = bytes.fromhex("1A45DFA387428284") + b"webm"
    return head + bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7 + info + track + tags + cluster


def paper(*, note: bool = True) -> bytes:
    """Return a paper that names its author in every place there is, with a scan that names the camera."""
    writer = PdfWriter()
    sheet = writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": WHO.decode(), "/Creator": MAKER.decode()})
    xmp = StreamObject()
    xmp._data = b"<x:xmpmeta>" + WHO + b"</x:xmpmeta>"
    writer._root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    scan = StreamObject()
    exif = b"Exif\0\0" + PLACE + MAKER
    scan._data = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + b"\xff\xda\0\x02seen\xff\xd9"
    scan.update(
        {NameObject("/Filter"): NameObject("/DCTDecode"), NameObject("/Subtype"): NameObject("/Image")}
    )
    sheet[NameObject("/Scan")] = writer._add_object(scan)
    if note:
        remark = DictionaryObject({NameObject("/Type"): NameObject("/Annot")})
        remark[NameObject("/T")] = TextStringObject(WHO.decode())
        sheet[NameObject("/Remark")] = writer._add_object(remark)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


FILES = {
    "film": (film(), "video/mp4"),
    "film of another phone": (film(b"qt  "), "video/quicktime"),
    "recording": (film(b"M4A ", b"soun"), "audio/mp4"),
    "mp3": (mp3(), "audio/mpeg"),
    "opus": (voice(), "audio/ogg"),
    "vorbis": (voice(b"\x01vorbis", b"\x03vorbis"), "audio/ogg"),
    "wav": (wav(), "audio/wav"),
    "webm": (webm(), "video/webm"),
    "paper": (paper(), "application/pdf"),
}


@pytest.mark.parametrize("name", FILES)
def test_nothing_tells_who_made_it(name: str) -> None:
    """Neither place, nor machine, nor author is left, wherever the file kept them."""
    content, mime = FILES[name]
    assert any(telling in content for telling in TELLING) or mime == "application/pdf"
    clean = attachments.clean(content, name, 1_000_000)
    assert clean.mime == mime
    assert not clean.traced
    assert not [telling for telling in TELLING if telling in clean.content]


@pytest.mark.parametrize("name", ["film", "recording", "opus", "vorbis", "wav", "webm"])
def test_what_is_seen_and_heard_stays(name: str) -> None:
    """Not a byte of it changes."""
    content, mime = FILES[name]
    stripped = traces.strip(content, mime)
    assert SOUND in stripped.content
    assert traces.strip(stripped.content, mime) == stripped


@pytest.mark.parametrize("name", ["film", "opus", "webm"])
def test_no_byte_moves_where_a_file_counts_them(name: str) -> None:
    """Offsets within it still hold."""
    content, mime = FILES[name]
    stripped = traces.strip(content, mime).content
    assert len(stripped) == len(content)
    assert stripped.index(SOUND) == content.index(SOUND)


def test_the_pages_of_a_recording_still_check() -> None:
    """A player that checks them plays it."""
    stripped = traces.strip(*FILES["opus"]).content
    for found in ogg._pages(stripped):
        whole = stripped[found.start : found.end]
        assert whole[22:26] == struct.pack("<I", ogg._check(whole[:22] + bytes(4) + whole[26:]))


def test_a_paper_is_still_read_and_its_scan_is_there() -> None:
    """The picture itself is untouched; in objects that are packed away nothing is left either."""
    stripped = traces.strip(*FILES["paper"]).content
    read = PdfReader(io.BytesIO(stripped))
    assert len(read.pages) == 1
    assert read.metadata is None or not set(read.metadata.values()) & {WHO.decode(), MAKER.decode()}
    assert read.xmp_metadata is None
    assert b"seen" in stripped


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (film(extra=box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"meta" + bytes(12))))), "video/mp4"),
        (film(extra=box(b"gps ", PLACE)), "video/mp4"),
        (film()[:-5], "video/mp4"),
        (id3() + b"no frame", "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + bytes(400) + id3() + bytes(100), "audio/mpeg"),
        (voice()[:-9], "audio/ogg"),
        (voice() + voice(), "audio/ogg"),
        (webm()[:-40], "video/webm"),
        (b"%PDF-1.4\n%%EOF\n", "application/pdf"),
    ],
)
def test_what_cannot_be_told_with_certainty_is_marked(content: bytes, mime: str) -> None:
    """It is kept as it came; in sealed mode it is not taken."""
    assert traces.strip(content, mime) == (content, True)


def test_a_signed_paper_is_left_as_it_was_signed() -> None:
    """Written anew its signature would not hold."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    form = DictionaryObject({NameObject("/SigFlags"): NumberObject(3)})
    writer._root_object[NameObject("/AcroForm")] = form
    out = io.BytesIO()
    writer.write(out)
    assert traces.strip(out.getvalue(), "application/pdf") == (out.getvalue(), True)

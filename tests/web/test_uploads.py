"""What people send: told by its bytes, cleaned, or refused with a reason."""

import io
import struct
import zlib

import pytest
from aiohttp import FormData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import locales
from services.intake.attachments import MAX_SIDE, Refused, clean, sniff
from storage.store.engine import Store
from tests.emulators.webdesk import LIMIT, browser, web_desk

EXE = b"MZ\x90\x00" + b"\x00" * 200
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ZIP = b"PK\x03\x04" + b"\x00" * 60
MKV = b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska" + b"\x00" * 40


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: object) -> bytes:
    """Draw a small photo."""
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **how)
    return out.getvalue()


def photo_from_a_phone() -> bytes:
    """Draw a photo as a phone writes it: lying on its side, with the place and the camera in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 5.0, 12.0), 3: "E", 4: (106.0, 17.0, 30.0)})
    return photo(size=(80, 40), exif=exif.tobytes(), comment=b"by my phone")


def box(kind: bytes, content: bytes) -> bytes:
    """Make one box of an MP4 file."""
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4(*tracks: bytes, brand: bytes = b"isom") -> bytes:
    """Make the bones of an MP4 file with tracks of these kinds (vide, soun)."""
    handlers = b"".join(box(b"hdlr", b"\x00" * 8 + track + b"\x00" * 12) for track in tracks)
    return box(b"ftyp", brand + b"\x00\x00\x02\x00" + brand) + box(b"moov", handlers)


def bomb() -> bytes:
    """Make a PNG of a few kilobytes that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 3751 * 3000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_of_every_kind_become_plain_jpegs(kind: str) -> None:
    """JPEG, PNG and WebP all come out as JPEG under a name that says so."""
    kept = clean(photo(kind), "C:\\anh\\cống <b>.png", LIMIT)

    assert (kept.media, kept.mime, kept.name) == ("photo", "image/jpeg", "cống b.jpg")
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))


def test_nothing_of_a_photo_survives_but_the_picture() -> None:
    """Place, camera and comment are gone, and the photo stands upright."""
    original = photo_from_a_phone()
    assert b"PhoneMaker" in original

    kept = clean(original, "a.jpg", LIMIT).content

    assert b"PhoneMaker" not in kept
    assert b"by my phone" not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.size == (40, 80)


def test_what_is_see_through_lies_on_white_paper() -> None:
    """A transparent picture does not turn black."""
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")

    with Image.open(io.BytesIO(clean(out.getvalue(), "a.png", LIMIT).content)) as image:
        assert image.getpixel((4, 4)) == (255, 255, 255)


def test_large_photos_shrink() -> None:
    """No side is longer than MAX_SIDE afterwards, and the shape stays."""
    with Image.open(io.BytesIO(clean(photo(size=(5000, 2500)), "a.jpg", LIMIT).content)) as image:
        assert image.size == (MAX_SIDE, MAX_SIDE // 2)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"OggS" + b"\x00" * 60, "audio/ogg"),
        (b"ID3\x03" + b"\x00" * 60, "audio/mpeg"),
        (b"#!AMR\n" + b"\x00" * 60, "audio/amr"),
        (b"\xff\xf1\x50\x80" + b"\x00" * 60, "audio/aac"),
        (b"RIFF\x0c\x00\x00\x00WAVEfmt " + b"\x00" * 4, "audio/wav"),
        (mp4(b"soun", brand=b"M4A "), "audio/mp4"),
        (mp4(b"soun"), "audio/mp4"),
        (mp4(b"vide", b"soun"), "video/mp4"),
        (mp4(b"vide", brand=b"qt  "), "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 9 + b"V_VP9 A_OPUS", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 9 + b"A_OPUS", "audio/webm"),
        (b"%PDF-1.7\n", "application/pdf"),
    ],
)
def test_sound_video_and_pdf_are_known_by_their_bytes(content: bytes, mime: str) -> None:
    """Each kind the desk takes is told from its content alone."""
    assert sniff(content) == mime
    assert clean(content, "x.exe", LIMIT).content == content


@pytest.mark.parametrize("content", [EXE, SVG, HTML, ZIP, MKV, b"GIF89a" + b"\x00" * 40, b"just words"])
def test_everything_else_is_refused_whatever_its_name(content: bytes) -> None:
    """A program, a page, an archive called .jpg is still what it is."""
    with pytest.raises(Refused) as refusal:
        clean(content, "anh.jpg", LIMIT)

    assert refusal.value.key == "upload.type"


def test_a_program_behind_a_photo_does_not_get_through() -> None:
    """A photo with a program appended comes out without it."""
    assert EXE not in clean(photo() + EXE, "a.jpg", LIMIT).content


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (photo()[:200], "upload.broken"),
        (b"", "upload.broken"),
        (b"%PDF-" + b"x" * LIMIT, "upload.too_big"),
        (bomb(), "upload.pixels"),
        (photo("PNG", (9000, 8000), "1"), "upload.pixels"),
    ],
)
def test_broken_and_enormous_files_are_refused(content: bytes, key: str) -> None:
    """Half a photo, nothing at all, more than the limit, and bombs each have their own words."""
    with pytest.raises(Refused) as refusal:
        clean(content, "a.jpg", LIMIT)

    assert refusal.value.key == key


STARTS = [
    b"",
    photo(),
    photo("PNG"),
    photo("WEBP"),
    photo_from_a_phone(),
    mp4(b"vide"),
    b"RIFF",
    b"%PDF-",
    MKV,
]


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow remarks on what is odd, and goes on
@given(start=st.sampled_from(STARTS), cut=st.integers(0, 400), rest=st.binary(max_size=400))
def test_no_bytes_break_the_cleaner(start: bytes, cut: int, rest: bytes) -> None:
    """Any bytes are either kept or refused: nothing else is ever raised."""
    try:
        kept = clean(start[:cut] + rest + start[cut + len(rest) :], "a", LIMIT)
    except Refused as refusal:
        assert locales.has("vi", f"unsupported.{refusal.key}")  # noqa: PT017 - refused or kept, both are right
    else:
        assert kept.media in {"photo", "audio", "video", "pdf"}


TYPES = [
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), content=st.sampled_from(TYPES), framed=st.booleans())
async def test_no_post_breaks_the_server(
    sqlite_store: Store, body: bytes, content: str, framed: bool
) -> None:
    """Whatever is posted, the answer is never a 500."""
    if framed:
        head = b'--x\r\nContent-Disposition: form-data; name="client_id"\r\n\r\n0123456789\r\n--x\r\n'
        body = (
            head
            + b'Content-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
            + body
            + b"\r\n--x--\r\n"
        )
    async with (
        web_desk(sqlite_store) as desk,
        browser(desk) as person,
        person.post(
            "/chat/send", data=body, headers={"Content-Type": content}, allow_redirects=False
        ) as answer,
    ):
        assert answer.status < 500


async def test_a_file_over_the_limit_is_answered_with_words(sqlite_store: Store) -> None:
    """21 MB are read to their end, thrown away, and the desk is told why; the words beside it arrive."""
    form = FormData({"client_id": "0123456789", "text": "Video đây ạ"})
    form.add_field("files", io.BytesIO(b"%PDF-" + b"x" * (LIMIT + 1024 * 1024)), filename="dai.pdf")
    async with web_desk(sqlite_store) as desk, browser(desk) as person:
        async with person.post("/chat/send", data=form, allow_redirects=False) as answer:
            assert answer.status == 303
        said = [desk.channel.normalize(row.body["raw"]) for row in await desk.heard()]

    assert [type(one).__name__ for one in said] == ["Text", "Unsupported"]
    assert not list(sqlite_store.files.folder.glob("*/*"))

"""Pictures: what phones and scanners write is kept as it looks, and none too large is unpacked whole."""

import asyncio
import io
import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

from services.intake import attachments
from services.intake.attachments import Clean, Refused, _on_paper, _tidy, clean, cleaned, redraw, sniff

LIMIT = 20 * 1024 * 1024
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj"


def written(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    """Write it as a file."""
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def read(content: bytes) -> Image.Image:
    """Read a kept picture."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def noise(width: int, height: int) -> Image.Image:
    """Draw something that is nowhere plain."""
    return Image.effect_noise((width, height), 90).convert("RGB")


def slope(width: int, height: int) -> Image.Image:
    """Draw something that is another colour everywhere, and survives being made smaller."""
    grey = Image.linear_gradient("L").resize((width, height))
    return Image.merge(
        "RGB", (grey, grey.transpose(Image.Transpose.ROTATE_180), grey.point(lambda v: v // 2))
    )


def differs(one: Image.Image, other: Image.Image) -> int:
    """Return by how much the colours of two pictures differ where they differ most."""
    assert one.size == other.size
    found = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getextrema()
    return max(high for _, high in found)  # type: ignore[union-attr,misc] # three colours


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped() -> None:
    """Half as bright stays half as bright: a scan does not come out white."""
    scan = Image.new("I;16", (64, 64), 0x8000)
    assert abs(read(clean(written(scan), "a.png", LIMIT).content).convert("L").getpixel((9, 9)) - 0x80) <= 2  # type: ignore[operator] # one colour


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_whichever_way_it_was_taken(orientation: int) -> None:
    """All eight ways that cameras note."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = written(slope(80, 40), "JPEG", quality=95, exif=exif.tobytes())
    with Image.open(io.BytesIO(photo)) as image:
        assert differs(read(redraw(photo)), ImageOps.exif_transpose(image)) < 30


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_way_to_write_colours_looks_as_before(mode: str) -> None:
    """In one band or in many: on white paper where something can be seen through."""
    image = slope(300, 170)
    if mode in {"LA", "RGBA"}:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    image = image.convert(mode)
    paper = Image.new("RGB", image.size, "white")
    seen = image.convert("RGBA")
    paper.paste(seen, mask=seen.getchannel("A"))
    assert differs(_on_paper(image), paper) <= 1


def test_a_band_fits_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture drawn in bands is the picture, whatever its height."""
    monkeypatch.setattr(attachments, "MAX_SIDE", 50)
    for height in (1, 63, 127, 128, 129, 517):
        image = slope(151, height)
        assert differs(_on_paper(image), image.reduce(max(1, max(image.size) // 50))) <= 1


@pytest.mark.parametrize("lost", [1, 2, 10])
def test_a_photo_that_lacks_its_last_bytes_is_kept(lost: int) -> None:
    """They were lost on the way, and all of it can be seen."""
    photo = written(noise(640, 480), "JPEG")
    assert read(redraw(photo[:-lost])).size == (640, 480)


@pytest.mark.parametrize("kept", [0.3, 0.5, 0.8])
def test_a_photo_of_which_much_is_lost_is_broken(kept: float) -> None:
    """It would show something, and not what was sent."""
    photo = written(noise(640, 480), "JPEG")
    with pytest.raises(Refused, match=r"upload\.broken"):
        redraw(photo[: int(len(photo) * kept)])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set every bound a hundred times lower, so that nothing here is large."""
    for name in ("MAX_PIXELS", "LARGEST", "MAX_WEBP"):
        monkeypatch.setattr(attachments, name, getattr(attachments, name) // 100)
    monkeypatch.setattr(attachments, "MAX_SIDE", 200)


@pytest.mark.usefixtures("small")
def test_a_large_photo_is_made_smaller_while_it_is_read() -> None:
    """As phones write them: five times what would be unpacked of any other format, and a long one too."""
    assert read(redraw(written(slope(1200, 900), "JPEG"))).size == (200, 150)
    assert read(redraw(written(slope(12_000, 80), "JPEG"))).width == 200


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("kind", "side", "how"),
    [
        ("JPEG", 1450, {}),
        ("JPEG", 600, {"progressive": True}),
        ("PNG", 450, {}),
        ("WEBP", 300, {"lossless": True}),
    ],
)
def test_what_would_be_unpacked_whole_has_words_of_its_own(
    kind: str, side: int, how: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused by what it says of itself: not a row of it is unpacked."""
    content = written(slope(side, side), kind, **how)
    monkeypatch.setattr(attachments, "_on_paper", lambda _image: pytest.fail("it was drawn"))
    with pytest.raises(Refused, match=r"upload\.pixels"):
        redraw(content)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("kind", "side"), [("JPEG", 440), ("PNG", 440), ("WEBP", 280)])
def test_what_is_within_bounds_is_kept(kind: str, side: int) -> None:
    """Progressive or not."""
    for how in ({}, {"progressive": True}) if kind == "JPEG" else ({},):
        assert max(read(redraw(written(slope(side, side), kind, **how))).size) == 200


async def test_one_picture_is_unpacked_at_a_time_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come at once, by whichever door; papers do not wait for them."""
    inside, most, threads = 0, 0, set()
    cleaning = clean

    def noting(content: bytes, name: str, limit: int) -> Clean:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        threads.add(threading.current_thread().name)
        try:
            return cleaning(content, name, limit)
        finally:
            inside -= 1

    monkeypatch.setattr(attachments, "clean", noting)
    photo = written(noise(900, 700))
    await asyncio.gather(*(cleaned(photo, "a.png", LIMIT) for _ in range(6)))
    assert most == 1
    assert threads == {"pictures_0"}
    await cleaned(b"#!AMR\n" + b"x" * 60, "a.amr", LIMIT)
    assert threads == {"pictures_0", "files_0"}


# --- papers and names ----------------------------------------------------------------------------


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\xef\xbb\xbf", b"\x1b%-12345X@PJL\r\n", b" " * 1000])
def test_a_paper_is_one_whatever_was_put_before_it(before: bytes) -> None:
    """Mail and printers put something there; behind a page of it, or in another kind of file, it is none."""
    assert sniff(before + PDF) == "application/pdf"
    for other in (b" " * 1100 + PDF, b"PK\x03\x04" + PDF, b"MZ\x90\x00" + PDF):
        with pytest.raises(Refused, match=r"upload\.type"):
            sniff(other)


def test_a_photo_of_a_kind_that_is_not_read_is_told_how_to_be_sent() -> None:
    """An iPhone's photos are photos: “send a photo” would not help."""
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40
    with pytest.raises(Refused, match=r"upload\.heic"):
        clean(heic, "IMG_1.HEIC", LIMIT)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (unicodedata.normalize("NFD", "Đơn kiến nghị.pdf"), "Đơn kiến nghị.pdf"),
        ("biên bản 20.11.2026", "biên bản 20.11.2026.pdf"),
        ("biên bản 20.11.2026.PDF", "biên bản 20.11.2026.pdf"),
        ("đơn—kiến nghị.pdf", "đơn kiến nghị.pdf"),
        ("C:\\anh\\../đơn <b>.pdf", "đơn b.pdf"),
        ("\u202egnp.exe", "gnp.exe.pdf"),
        ("😀.pdf", "tep.pdf"),
        ("", "tep.pdf"),
        ("x" * 300, f"{'x' * 60}.pdf"),
        ("\U00020000" * 300, f"{chr(0x20000) * 45}.pdf"),
        ("bie\u0302n ba\u0309n.pdf", "biên bản.pdf"),
        ("a" + "\u0335" * 50 + "b.pdf", "a" + "\u0335" * 3 + "b.pdf"),
        ("กำ้.pdf", "กำ้.pdf"),
        ("đơn\u3164\u115f\ufe0f\u034f.pdf", "đơn.pdf"),
        ("hai\ndòng\x00\u2028\u200f\ufeff.pdf", "hai dòng.pdf"),
        ("...-.htaccess", "htaccess.pdf"),
        ("\u3164\u200b .pdf", "tep.pdf"),
    ],
)
def test_the_words_of_a_files_name_are_kept(name: str, kept: str) -> None:
    """With their marks, whichever machine wrote them; what could lead somewhere or deceive is a blank."""
    assert _tidy(name, "application/pdf") == kept
    assert len(kept.encode()) < 255


@given(name=st.text(max_size=300))
def test_any_name_is_harmless(name: str) -> None:
    """It fits on any disk, is written alike everywhere, and nothing in it leads somewhere or is unseen."""
    kept = _tidy(name, "application/pdf")
    assert len(kept.encode()) < 200
    assert kept == unicodedata.normalize("NFC", kept)
    assert not {unicodedata.category(letter)[0] for letter in kept if letter not in " _().-"} & set("CZPS")
    assert kept[0] not in ".-/"

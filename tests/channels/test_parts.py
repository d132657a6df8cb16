"""A message cut into the calls it takes: every part fits, no visible sign is cut, nothing is lost."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.channel import Caps
from bot.channels.parts import parts, split
from domain.messages import Choice, FileRef, Media, Message
from storage.mail.outbox import Limits

SIGNS = ["a", "ạ", "e\u0302\u0323", "👨‍👩‍👧", "👍🏽", "🇻🇳", "❤️", "😀"]


@given(st.lists(st.sampled_from([*SIGNS, " ", "\n"]), max_size=120), st.integers(24, 60) | st.just(1024))
def test_parts_fit_and_say_everything(signs: list[str], limit: int) -> None:
    """Each part fits in UTF-16 units, none is empty, and only blanks go missing."""
    text = "".join(signs)
    parts = split(text, limit)
    assert all(len(part.encode("utf-16-le")) // 2 <= limit for part in parts)
    assert parts == [""] or all(parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.lists(st.sampled_from(SIGNS), min_size=15, max_size=120), st.integers(24, 60) | st.just(1024))
def test_no_sign_is_ever_cut(signs: list[str], limit: int) -> None:
    """Where there is no blank to cut at, a part still begins and ends between signs."""
    text = "".join(signs).replace("🇻🇳🇻🇳", "🇻🇳a")  # flags in a row: only counting would tell them apart
    for part in split(text, limit):
        assert re.fullmatch("|".join(SIGNS).join(("(?:", ")*")), part), (part, text)


def test_albums_hold_as_many_and_as_much_as_a_call_takes() -> None:
    """Ten photos at most, and fifty bytes together; a file that is larger alone goes alone."""
    no_pace = Limits(timedelta(0), 1, timedelta(0))
    caps = Caps(4096, 0, False, no_pace, album=10, upload=50, media=frozenset({"photo", "pdf"}))
    files = [
        FileRef(str(n), "photo", "image/jpeg", size) for n, size in enumerate([1] * 11 + [40, 8, 2, 60, 1])
    ]
    calls = parts(Message("", files=(*files, FileRef("đơn", "pdf", "application/pdf", 1))), caps)
    assert [[file.size for file in call.files] for call in calls] == [
        [1] * 10,
        [1, 40, 8],
        [2],
        [60],
        [1],
        [1],
    ]


# --- files that a channel cannot carry -------------------------------------------------------------

PHOTO, SOUND = (
    FileRef("1", "photo", "image/jpeg", 9, "ho-ga.jpg"),
    FileRef("2", "audio", "audio/ogg", 9),
)


def caps(album: int, *media: Media) -> Caps:
    """Describe a channel without buttons."""
    still = timedelta(0)
    return Caps(200, 0, edit=False, limits=Limits(still, 1, still), album=album, media=frozenset(media))


def link(file: FileRef) -> str:
    """Name a file's address."""
    return f"https://xa.example/files/{file.id}"


def test_files_that_cannot_be_carried_are_told_by_their_links() -> None:
    """After the words and before the choices; what can be carried goes as it is."""
    message = Message("Đã sửa xong", (Choice("Hài lòng", "rate"),), (PHOTO, SOUND))
    photo, words = parts(message, caps(1, "photo"), link=link)
    assert photo.files == (PHOTO,)
    assert words.text.splitlines() == [
        "Đã sửa xong",
        "📎 audio (xem được trong 3 ngày): https://xa.example/files/2",
        "1. Hài lòng",
    ]


def test_without_links_the_number_of_files_is_told() -> None:
    """In the language of the chat, also where there are no words beside; no file is dropped in silence."""
    (vi,) = parts(Message("", files=(PHOTO, SOUND)), caps(0))
    assert vi.text == "📎 Có 2 tệp kèm theo, không gửi qua đây được: xem tại xã."
    (en,) = parts(Message("Mended.", files=(PHOTO,)), caps(0, "photo"), language="en")
    assert en.text.startswith("Mended.\n📎 1 file attached that cannot be sent")


def test_a_link_is_never_cut() -> None:
    """Where the words are many, a link stands whole in one of the parts."""
    made = parts(Message("từ " * 300, files=(PHOTO,) * 5), caps(0), link=link)
    assert sum(part.text.count("https://xa.example/files/1") for part in made) == 5
    assert all(len(part.text) <= 200 for part in made)

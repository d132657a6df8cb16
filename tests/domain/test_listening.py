from datetime import timedelta

import pytest

from domain.law import BadDocument, seed
from domain.listening import Listening


def test_the_packaged_document_says_what_the_program_takes_for_granted() -> None:
    """An office document from before these rows is read as if it had them."""
    assert Listening.parse(seed("office")) == Listening.parse({}) == Listening()


def test_what_an_admin_sets_holds() -> None:
    """Each row by itself; the rest stays as it was."""
    told = Listening.parse({"together": {"afterthought_minutes": 9}, "flood": {"messages": 3, "seconds": 20}})
    assert (told.afterthought, told.at_once, told.breath) == (timedelta(minutes=9), 3, timedelta(seconds=20))
    assert told.question == Listening().question


def test_a_misfit_is_refused() -> None:
    """With the document's name."""
    with pytest.raises(BadDocument, match="office"):
        Listening.parse({"alike": {"part": "nhiều"}})

"""Case codes begin with letters of their commune: no two share them, and each is understood everywhere."""

import secrets

import pytest

from domain import codes
from domain.understand import orders
from services.office import directory, prefixes
from services.office.directory import SeedRefused
from services.office.prefixes import Named
from services.saying import wording
from tests.services.levels import Province
from tests.storage.province import NEIGHBOUR, OURS

SAME = "areas: [{code: third, name: xã Long An Mẫu, kind: commune, parent: tinh_mau}]"


async def test_a_code_begins_with_the_letters_of_its_commune(wide: Province) -> None:
    """Each commune mints its own; every one of the desk's is understood."""
    ours, theirs = await wide.open(area=OURS), await wide.open(area=NEIGHBOUR, who="khac")
    assert (ours[:2], theirs[:2]) == ("LM", "AM")
    async with wide.store.read() as work:
        known = wording.prefixes(work.desk.part(OURS))
    assert known[0] == "LM"
    assert set(known) == {"LM", "AM", "TM"}
    for code in (ours, theirs):
        assert orders.code_in(f"{code} sao rồi", known) == code
    assert orders.code_in(f"{ours[3:]} sao rồi", known) == ours


async def test_two_communes_of_the_same_letters_are_refused_with_what_to_write(wide: Province) -> None:
    """Written letters are kept with the area, and new codes begin with them."""
    async with wide.store.work() as work:
        with pytest.raises(SeedRefused) as refused:
            await directory.seed(work, SAME.encode(), "more.yaml")
    (said,) = refused.value.problems
    assert "AM" in said
    free = said.partition("prefix: ")[2][:2]
    assert free.isupper()
    async with wide.store.work() as work:
        await directory.seed(work, SAME.replace("kind", f"prefix: {free}, kind").encode(), "more.yaml")
    async with wide.store.read() as work:
        assert wording.prefix(work.desk.part("third")) == free


def test_one_commune_may_have_the_letters_of_its_province() -> None:
    """Nothing is asked of a desk of one commune."""
    one = [Named("t", "tỉnh Mẫu", "province", ""), Named("x", "xã Tân Mẫu", "commune", "")]
    assert not list(prefixes.clashes(one))
    assert list(prefixes.clashes([*one, Named("y", "xã Hà An", "commune", "")]))


def test_a_bare_code_is_completed_by_the_first_letters_or_the_only_ones_that_fit() -> None:
    """Among many communes a check character fits some by chance: then nobody guesses."""
    code = codes.mint("HB", secrets.randbelow)
    every = [f"{one}{other}" for one in "ABCDEFGH" for other in "ABCDEFGHKLMN"]
    fitting = [prefix for prefix in every if codes.parse(prefix + code[3:])]
    assert "HB" in fitting
    other = next(prefix for prefix in fitting if prefix != "HB")
    assert codes.completed(code[3:], ("HB", *every)) == code
    unfit = next(prefix for prefix in every if prefix not in fitting)
    assert codes.completed(code[3:], (unfit, "HB")) == code
    assert codes.completed(code[3:], (unfit, "HB", other)) is None

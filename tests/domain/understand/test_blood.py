"""“mau” without its mark is a form, a colour or haste as often as blood: what else is said must tell."""

import pytest

from domain.directory import Directory
from domain.rules import Rules

UNDERSTANDING = Rules.parse({}, Directory()).understanding

HARMLESS = (
    "cho toi hoi mau",
    "cho em xin cai mau voi",
    "toi can mau",
    "tai mau o dau",
    "mau to khai",
    "mau nha trong thon 3 khong co",
    "lam theo mau nay duoc khong",
    "mau xanh hay mau do",
    "toi dien mau roi",
    "may mau ruong bi ngap",
    "lay mau nuoc xet nghiem",
    "mat mau don roi",
)
HARM = (
    "chay mau nhieu",
    "mau chay lenh lang",
    "dau be chay mau",
    "nguoi day mau",
    "ho ra mau",
    "mui chay mau",
    "tay dinh mau",
    "di tieu ra mau",
    "te xe mau nhieu lam",
    "mau phun ra",
    "mau mui chay hoai",
    "áo dính máu",
    "máu",
)


@pytest.mark.parametrize("said", HARMLESS)
def test_a_form_is_no_blood(said: str) -> None:
    """Nobody is asked whether somebody is hurt."""
    heard = UNDERSTANDING.read(said)
    assert not heard.emergency
    assert not heard.doubt


@pytest.mark.parametrize("said", HARM)
def test_blood_is_heard_without_its_mark(said: str) -> None:
    """At least it is asked about, and the ambulance is named."""
    heard = UNDERSTANDING.read(said)
    assert "115" in heard.emergency + heard.doubt

"""Who sits where in the demo: each seat is one web chat, and the officials' are tied to their people."""

import base64
import hashlib
from dataclasses import dataclass

from storage.ground.crypto import Keyring
from storage.mail.webchat import ACCOUNT


@dataclass(frozen=True, slots=True)
class Seat:
    """One chair: what a story calls it, and whose it is by the code of the seed file (empty: a citizen)."""

    name: str
    person: str = ""

    @property
    def cookie(self) -> str:
        """The cookie that holds the seat's token (the demo is never served over HTTPS)."""
        return f"chat_{self.name}"

    def token(self, keyring: Keyring) -> str:
        """Return what the browser that sits here holds: always the same for one demo's key."""
        secret = keyring.blind("demo seat", self.name).encode()
        return base64.urlsafe_b64encode(hashlib.sha256(secret).digest()).decode().rstrip("=")

    def address(self, keyring: Keyring) -> str:
        """Return the chat's address on the web chat."""
        return hashlib.sha256(self.token(keyring).encode()).hexdigest()

    def chat_key(self, keyring: Keyring) -> str:
        """Return the chat's key."""
        return keyring.blind("chat", ACCOUNT, self.address(keyring))


PANES = ("citizen", "officer", "supervisor")
"""The three that stand side by side."""
ABROAD = ("next_officer", "department", "department_head", "province_head")
"""Officials of the neighbouring commune, and of the province."""
MORE = ("neighbour", "colleague", "reception", "duty", "police", "head", "party", "keeper", "admin", *ABROAD)

_PEOPLE = {
    "officer": "kt_tuan",
    "supervisor": "kt_truong",
    "colleague": "kt_thao",
    "reception": "vp_lan",
    "duty": "vp_truc",
    "police": "ca_dung",
    "head": "chu_tich",
    "party": "bi_thu",
    "keeper": "kiem_tra",
    "admin": "quan_tri",
    "next_officer": "ba_kt_son",
    "department": "t_sxd_vinh",
    "department_head": "t_sxd_truong",
    "province_head": "t_chanh",
}
SEATS = {name: Seat(name, _PEOPLE.get(name, "")) for name in (*PANES, *MORE)}

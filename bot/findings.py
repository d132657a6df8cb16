"""What somebody who looks the desk over finds: how each thing is, and what to do where it is not well."""

from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: in one sentence what is so, in another what to do unless all is well.

    Neither holds a secret, nor anybody's words or name.
    """

    group: str
    level: Level
    so: str
    do: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it for programs."""
        return asdict(self)


def ok(group: str, so: str) -> Finding:
    """Return that all is well."""
    return Finding(group, "ok", so)


def warning(group: str, so: str, do: str) -> Finding:
    """Return that it works, but somebody should look at it."""
    return Finding(group, "warning", so, do)


def fault(group: str, so: str, do: str) -> Finding:
    """Return that it does not work."""
    return Finding(group, "fault", so, do)

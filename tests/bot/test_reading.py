"""`understand --jsonl` over lines as they come: one that is odd says so, and the others are read."""

import json

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli

DRAIN = "cống thôn 3 tắc"


def told(*lines: str) -> list[dict[str, object]]:
    """Return what is written of some lines."""
    written = CliRunner().invoke(cli, ["understand", "--jsonl"], input="\n".join(lines))
    assert written.exit_code == 0
    return [json.loads(line) for line in written.output.splitlines()]


@pytest.mark.parametrize("line", ["no json", '{"texts": "a"}', '["a"]', "7", "null"])
def test_an_odd_line_says_so(line: str) -> None:
    """Whoever reads many has one answer for each."""
    odd, drain = told(line, json.dumps({"text": DRAIN}))
    assert "line 1" in str(odd["error"])
    assert drain["topic"] == "ha_tang"


def test_a_mark_of_the_order_of_bytes_is_no_odd_line() -> None:
    """Some editors begin files with one."""
    (drain,) = told("\ufeff" + json.dumps({"text": DRAIN}))
    assert drain["topic"] == "ha_tang"

"""The demo's commune and its province without a database, and tables of sentences beside the tests."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from domain.directory import Directory
from domain.people import Area, Holding, Role
from domain.routing import Unit

HERE = Path(__file__).parent
DAY = date(2026, 11, 27)


def demo(*more: str) -> tuple[Directory, dict[UUID, str]]:
    """Read the demo's directory and what seeded after it adds, and the codes of its units and people."""
    seeds = HERE.parents[1] / "storage" / "seeds"
    told: dict[str, list[dict[str, Any]]] = {}
    for seed in ("demo.yaml", *more):
        read = yaml.safe_load((seeds / seed).read_text("utf-8"))
        for kind in ("areas", "units", "people"):
            rows = {row["code"]: row for row in (*told.get(kind, ()), *read[kind])}
            told[kind] = [*rows.values()]
    codes = [row["code"] for row in (*told["units"], *told["people"])]
    ids = {(code, n >= len(told["units"])): UUID(int=n + 1) for n, code in enumerate(codes)}
    areas = tuple(Area(a["code"], a["name"], a["kind"], a.get("parent"), a["from"]) for a in told["areas"])
    units = tuple(
        Unit(
            ids[u["code"], False],
            u["code"],
            u["type"],
            u["name"],
            u["area"],
            ids.get((u.get("parent"), False)),
            u["from"],
        )
        for u in told["units"]
    )
    holdings = tuple(
        Holding(ids[p["code"], True], ids[r["unit"], False], Role(r["role"]), r["from"])
        for p in told["people"]
        for r in p["roles"]
    )
    names = {ids[p["code"], True]: p["name"] for p in told["people"]}
    return Directory(areas, units, holdings, (), names), {found: code for (code, _), found in ids.items()}


DEMO, CODES = demo()
PROVINCE, PROVINCE_CODES = demo("province.yaml")


def lines(name: str) -> list[str]:
    """Return the lines of a file beside this one."""
    return (HERE / name).read_text("utf-8").splitlines()

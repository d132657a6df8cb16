"""The people whom a case speaks of, beside their units: they stay shut out wherever they go."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("excluded_people", sa.JSON(), server_default="[]", nullable=False))
    _freeze()


def _freeze() -> None:
    """Shut out of each case that accuses a unit whoever has held a role there since it was told."""
    db = op.get_bind()
    names = ("person_id", "unit_id", "valid_to")
    role = sa.table("role", *(sa.column(name, kind) for name, kind in zip(names, (sa.Uuid(), sa.Uuid(), sa.Date()))))
    case = sa.table(
        "case",
        sa.column("id", sa.Uuid()),
        sa.column("opened_at", sa.BigInteger()),
        sa.column("excluded", sa.JSON()),
        sa.column("excluded_people", sa.JSON()),
    )
    held = [(str(unit), str(person), until) for person, unit, until in db.execute(sa.select(*role.c))]
    for case_id, opened_at, units in db.execute(sa.select(case.c.id, case.c.opened_at, case.c.excluded)).all():
        on = datetime.fromtimestamp(opened_at / 1000, UTC).date()
        people = {person for unit, person, until in held if unit in (units or ()) and (until is None or until >= on)}
        if people:
            frozen = {"excluded_people": sorted(people)}
            db.execute(sa.update(case).where(case.c.id == case_id).values(frozen))

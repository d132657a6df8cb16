"""Notes of changes name officials: they are sealed, those of before when the desk next starts."""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("rule", "directory_change"):
        op.add_column(table, sa.Column("sealed_note", sa.LargeBinary(), nullable=True))

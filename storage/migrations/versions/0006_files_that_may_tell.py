"""Whether a kept file may still tell who made it, and since when a channel vouches for a number."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("traced", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("chat", sa.Column("phone_at", sa.BigInteger(), nullable=True))
    # What came before was kept as it came; photos alone were drawn anew.
    attachment = sa.table("attachment", sa.column("media", sa.String), sa.column("traced", sa.Boolean))
    op.execute(sa.update(attachment).where(attachment.c.media != "photo").values(traced=True))


def downgrade() -> None:
    op.drop_column("chat", "phone_at")
    op.drop_column("attachment", "traced")

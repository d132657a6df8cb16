"""What the platforms people write on need."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", name=op.f("pk_quota")),
    )
    op.create_table(
        "token",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("access", sa.LargeBinary(), nullable=False),
        sa.Column("refresh", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("pending_at", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_token")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "pairing",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("chat_key", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["chat_key"], ["chat.key"], name=op.f("fk_pairing_chat_key")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_pairing")),
    )
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pairing_chat_key"), ["chat_key"], unique=False)

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fetch_at", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_inbox_fetch",
            ["account", "fetch_at"],
            unique=False,
            sqlite_where=sa.text("fetch_at is not null"),
            postgresql_where=sa.text("fetch_at is not null"),
        )
        batch_op.create_index(
            "ix_inbox_dead",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("state = 4"),
            postgresql_where=sa.text("state = 4"),
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("progress", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.create_index(
            "ix_outbox_dead",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("state = 4"),
            postgresql_where=sa.text("state = 4"),
        )

    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread", sa.String(length=40), nullable=True))

    with op.batch_alter_table("chat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("phone_key", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("group", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("unit_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("told", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.create_index(batch_op.f("ix_chat_home"), ["home"], unique=False)
        batch_op.create_index(batch_op.f("ix_chat_phone_key"), ["phone_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_chat_unit_id"), ["unit_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_chat_unit_id"), "unit", ["unit_id"], ["id"])

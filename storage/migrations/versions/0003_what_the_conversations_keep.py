"""What the conversations of every side keep."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_subject_at", ["subject", "at"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stand_in_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name=op.f("fk_absence_stand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "broadcast",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("reached", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["area"], ["area.code"], name=op.f("fk_broadcast_area")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_broadcast_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_broadcast_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    op.create_table(
        "directory_change",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_directory_change_person_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_directory_change")),
    )
    op.create_table(
        "follower",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("chat_key", sa.String(length=32), nullable=False),
        sa.Column("relative", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_follower_case_id")),
        sa.ForeignKeyConstraint(["chat_key"], ["chat.key"], name=op.f("fk_follower_chat_key")),
        sa.PrimaryKeyConstraint("case_id", "chat_key", name=op.f("pk_follower")),
    )
    with op.batch_alter_table("follower", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follower_chat_key"), ["chat_key"], unique=False)

    op.create_table(
        "sealed_identity",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_sealed_identity_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_sealed_identity")),
    )
    op.create_table(
        "seen",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_seen_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seen_person_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_seen")),
    )
    op.execute('alter table "case" rename column extension to request')
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("secret_key", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("followers", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("relatives", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("contact", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("on_behalf", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("hops", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("declined", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_case_secret_key"), ["secret_key"], unique=True)
        batch_op.create_index("ix_case_topic_opened_at", ["topic", "opened_at"], unique=False)

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given", sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table("chat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("barred_until", sa.BigInteger(), nullable=True))

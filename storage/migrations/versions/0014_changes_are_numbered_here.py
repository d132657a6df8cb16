"""Changes of the directory are numbered by the program: what is sealed is bound to its row's number.

From here on a database is not for versions of the program that seal without the row.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table directory_change alter column number drop default")
        op.execute("drop sequence directory_change_number_seq")

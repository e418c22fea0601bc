"""People: mood, the category of a hand-over, when to call back and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CATEGORIES = """CASE {reason}
    WHEN 'asked_for_person' THEN 'request'
    WHEN 'guide' THEN 'policy'
    WHEN 'technical' THEN 'tool_failure'
    ELSE 'low_confidence' END"""


def upgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handoff_category", sa.String(), nullable=True))
    with op.batch_alter_table("handling", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(), nullable=False, server_default="low_confidence"))
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mood", sa.String(), nullable=True))
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wish", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("outcome", sa.String(), nullable=True))
    op.execute(f"UPDATE handling SET category = {CATEGORIES.format(reason='reason')}")
    op.execute(
        f"UPDATE conversation SET handoff_category = {CATEGORIES.format(reason='handoff_reason')} "
        "WHERE handoff_reason IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.drop_column("outcome")
        batch_op.drop_column("wish")
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_column("mood")
    with op.batch_alter_table("handling", schema=None) as batch_op:
        batch_op.drop_column("category")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("handoff_category")

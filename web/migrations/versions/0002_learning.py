"""What an editor works with: drafts, announcements, alerts and past contacts; passages, pages and learnt phrasings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_alert_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index("ix_alert_at", "alert", ["at"])
    op.create_index("ix_alert_company", "alert", ["company"])

    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_announcement_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_company", "announcement", ["company"])
    op.create_index("ix_announcement_valid_until", "announcement", ["valid_until"])

    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_draft_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_company", "draft", ["company"])
    op.create_index("ix_draft_status", "draft", ["status"])

    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("colleague", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handling_seconds", sa.Float(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_contact_company_company")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_contact_draft_id_draft"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("company", "external_id", name=op.f("uq_contact_company")),
    )
    op.create_index("ix_contact_company", "contact", ["company"])
    op.create_index("ix_contact_customer", "contact", ["customer"])
    op.create_index("ix_contact_draft_id", "contact", ["draft_id"])
    op.create_index("ix_contact_intent", "contact", ["intent"])
    op.create_index("ix_contact_started_at", "contact", ["started_at"])

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("page", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="question"))

    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_wrong", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("phrasing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("learnt", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.add_column(sa.Column("announced", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("left_open", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_column("announced")
        batch_op.drop_column("left_open")

    with op.batch_alter_table("phrasing", schema=None) as batch_op:
        batch_op.drop_column("learnt")

    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.drop_column("is_wrong")

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_column("kind")
        batch_op.drop_column("page")

    op.drop_table("contact")

    op.drop_table("draft")

    op.drop_table("announcement")

    op.drop_table("alert")

"""The first schema: conversations, turns, cost lines, entries and gaps with their identities, clock and money."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "conversation",
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("arm", sa.String(), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("handoff_reason", sa.String(), nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_conversation_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index("ix_conversation_at", "conversation", ["at"], unique=False)
    op.create_index("ix_conversation_company", "conversation", ["company"], unique=False)
    op.create_index("ix_conversation_customer", "conversation", ["customer"], unique=False)
    op.create_index("ix_conversation_last_at", "conversation", ["last_at"], unique=False)

    op.create_table(
        "cost_line",
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("arm", sa.String(), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("meter", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price_id", sa.String(), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column("price_currency", sa.String(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("fx_rate", sa.BigInteger(), nullable=True),
        sa.Column("fx_date", sa.Date(), nullable=True),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("measured", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_cost_line_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line")),
    )
    op.create_index("ix_cost_line_at", "cost_line", ["at"], unique=False)
    op.create_index("ix_cost_line_company", "cost_line", ["company"], unique=False)
    op.create_index("ix_cost_line_conversation_id_at", "cost_line", ["conversation_id", "at"], unique=False)
    op.create_index("ix_cost_line_corrects", "cost_line", ["corrects"], unique=False)
    op.create_index("ix_cost_line_customer", "cost_line", ["customer"], unique=False)

    op.create_table(
        "gap",
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("arm", sa.String(), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("normal", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("best_entry", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_gap_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    op.create_index("ix_gap_at", "gap", ["at"], unique=False)
    op.create_index("ix_gap_company", "gap", ["company"], unique=False)
    op.create_index("ix_gap_conversation_id", "gap", ["conversation_id"], unique=False)
    op.create_index("ix_gap_customer", "gap", ["customer"], unique=False)
    op.create_index("ix_gap_normal", "gap", ["normal"], unique=False)

    op.create_table(
        "knowledge_state",
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_knowledge_state_company_company")),
        sa.PrimaryKeyConstraint("company", name=op.f("pk_knowledge_state")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_source_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("company", "name", name=op.f("uq_source_company")),
    )
    op.create_table(
        "callback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_callback_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    op.create_index("ix_callback_conversation_id", "callback", ["conversation_id"], unique=False)

    op.create_table(
        "entry",
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("arm", sa.String(), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_entry_company_company")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_entry_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("company", "external_id", "lang", name=op.f("uq_entry_company")),
    )
    op.create_index("ix_entry_at", "entry", ["at"], unique=False)
    op.create_index("ix_entry_company", "entry", ["company"], unique=False)
    op.create_index("ix_entry_customer", "entry", ["customer"], unique=False)
    op.create_index("ix_entry_source_id", "entry", ["source_id"], unique=False)
    op.create_index("ix_entry_status", "entry", ["status"], unique=False)

    op.create_table(
        "handling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("colleague", sa.String(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handling_seconds", sa.Float(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_handling_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling")),
    )
    op.create_index("ix_handling_conversation_id", "handling", ["conversation_id"], unique=False)
    op.create_index("ix_handling_waiting_since", "handling", ["waiting_since"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_conversation_id", "message", ["conversation_id"], unique=False)

    op.create_table(
        "turn",
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("arm", sa.String(), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("heard_answer", sa.Text(), nullable=True),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("source_entry", sa.String(), nullable=True),
        sa.Column("source", sa.JSON(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("stages_ms", sa.JSON(), nullable=False),
        sa.Column("milliseconds", sa.Float(), nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_turn_company_company")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_turn_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    op.create_index("ix_turn_at", "turn", ["at"], unique=False)
    op.create_index("ix_turn_company", "turn", ["company"], unique=False)
    op.create_index("ix_turn_conversation_id_number", "turn", ["conversation_id", "number"], unique=False)
    op.create_index("ix_turn_customer", "turn", ["customer"], unique=False)
    op.create_index("ix_turn_source_entry", "turn", ["source_entry"], unique=False)

    op.create_table(
        "phrasing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_phrasing_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrasing")),
    )
    op.create_index("ix_phrasing_entry_id", "phrasing", ["entry_id"], unique=False)


def downgrade() -> None:

    op.drop_table("phrasing")

    op.drop_table("turn")

    op.drop_table("message")

    op.drop_table("handling")

    op.drop_table("entry")

    op.drop_table("callback")
    op.drop_table("source")
    op.drop_table("knowledge_state")

    op.drop_table("gap")

    op.drop_table("cost_line")

    op.drop_table("conversation")
    op.drop_table("company")

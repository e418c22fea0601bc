"""The sums of the cost lines beside them. Indexes of the lines that no question asks for are gone; turns are read by
company and time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNASKED = ("company", "customer", "at")


def upgrade() -> None:
    op.create_table(
        "cost_sum",
        sa.Column("quarter", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("of_contact", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "meter", "vendor", "model", "unit")),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False, autoincrement=False),
        *numbers("lines", "usages", "unknown", "covered", "measured"),
        sa.Column("grade", sa.String(), nullable=False),
        *numbers("quantity_whole", "quantity_rest", "amount_whole", "amount_rest"),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_cost_sum_company_company")),
        sa.PrimaryKeyConstraint(
            "quarter", "company", "demo", "of_contact", "kind", "meter", "vendor", "model", "unit", "currency", "chain",
            name=op.f("pk_cost_sum"),
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "conversation_cost",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        *numbers("lines", "people_lines", "unknown", "own_whole", "own_rest", "people_whole", "people_rest"),
        sa.PrimaryKeyConstraint("conversation_id", "currency", name=op.f("pk_conversation_cost")),
        sqlite_with_rowid=False,
    )
    for column in (*UNASKED, "corrects", "period_start"):
        op.drop_index(f"ix_cost_line_{column}", "cost_line")
    index("company", "period_start", where="period_start IS NOT NULL")
    index("corrects", where="corrects IS NOT NULL")
    op.drop_index("ix_turn_company", "turn")
    op.create_index("ix_turn_company_at", "turn", ["company", "at"])
    from roi.books.sums import fill

    fill(op.get_bind())


def numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def index(*columns: str, where: str | None = None) -> None:
    only = sa.text(where) if where else None
    name = f"ix_cost_line_{'_'.join(columns)}"
    op.create_index(name, "cost_line", list(columns), sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_index("ix_turn_company_at", "turn")
    op.create_index("ix_turn_company", "turn", ["company"])
    for name in ("company_period_start", "corrects"):
        op.drop_index(f"ix_cost_line_{name}", "cost_line")
    for column in (*UNASKED, "corrects"):
        index(column)
    index("period_start", where="period_start IS NOT NULL")
    for table in ("conversation_cost", "cost_sum"):
        op.drop_table(table)

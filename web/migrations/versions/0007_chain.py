"""The books' hash chains and daily roots, and invoices."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_chain")),
    )
    op.create_index("ix_cost_chain_day", "cost_chain", ["day"])
    op.create_index("ix_cost_chain_writer_day", "cost_chain", ["writer", "day"], unique=True)
    roots = op.create_table(
        "cost_root",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_cost_root")),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company"], ["company.id"], name=op.f("fk_invoice_company_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
    )
    for column in ("company", "vendor"):
        op.create_index(f"ix_invoice_{column}", "invoice", [column])
    op.add_column("cost_line", sa.Column("chain", sa.Integer(), nullable=True))
    op.add_column("cost_line", sa.Column("chain_number", sa.Integer(), nullable=True))
    op.add_column("cost_line", sa.Column("link", sa.String(), nullable=True))
    op.create_index("ix_cost_line_chain_chain_number", "cost_line", ["chain", "chain_number"], unique=True)
    of_period = sa.text("period_start IS NOT NULL")
    op.create_index(
        "ix_cost_line_period_start",
        "cost_line",
        ["period_start"],
        sqlite_where=of_period,
        postgresql_where=of_period,
    )
    count_what_was_before(roots)


def count_what_was_before(roots: sa.Table) -> None:
    """Lines from before are in no chain; that none is added to them later can be seen all the same."""
    before = op.get_bind().execute(sa.text("SELECT count(*) FROM cost_line")).scalar_one()
    if before:
        from roi.books.links import root

        now = datetime.now(UTC)
        day = now.date() - timedelta(days=1)
        made = root(day, "", [], lines=before)
        op.bulk_insert(roots, [{"day": day, "chains": 0, "lines": before, "previous": "", "root": made, "at": now}])


def downgrade() -> None:
    for index in ("period_start", "chain_chain_number"):
        op.drop_index(f"ix_cost_line_{index}", "cost_line")
    for column in ("link", "chain_number", "chain"):
        op.drop_column("cost_line", column)
    for table in ("invoice", "cost_root", "cost_chain"):
        op.drop_table(table)

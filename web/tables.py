"""Every table in one place, so that migrations see them all."""

from agent.history import Callback, Conversation, Handling, Message, TurnRow
from knowledge.gaps import Gap
from knowledge.library_rows import EntryRow, KnowledgeStateRow, PhrasingRow, SourceRow
from knowledge.rows import Company
from roi.ledger import CostLine

ALL = (
    Callback, Company, Conversation, CostLine, EntryRow, Gap, Handling, KnowledgeStateRow, Message, PhrasingRow,
    SourceRow,
    TurnRow,
)  # fmt: skip

"""Every table in one place, so that migrations see them all."""

from agent.history import Callback, Conversation, Handling, Message, TurnRow
from knowledge.gaps import GapRow
from knowledge.library_rows import EntryRow, KnowledgeStateRow, PhrasingRow, SourceRow
from knowledge.rows import Company
from roi.ledger import CostLine

ALL = (
    Callback, Company, Conversation, CostLine, EntryRow, GapRow, Handling, KnowledgeStateRow, Message, PhrasingRow,
    SourceRow, TurnRow,
)  # fmt: skip

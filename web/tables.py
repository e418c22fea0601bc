"""Every table in one place, so that migrations see them all."""

from agent.acting.audit import ActionRow
from agent.grounding.rule_rows import CompanyRuleRow
from agent.history import Callback, Conversation, Handling, Message, TurnRow
from knowledge.curating.draft_rows import DraftRow
from knowledge.curating.gaps import GapRow
from knowledge.curating.notice_rows import AlertRow, AnnouncementRow
from knowledge.history.contact_rows import ContactRow
from knowledge.library_rows import EntryRow, KnowledgeStateRow, PhrasingRow, SourceRow
from knowledge.rows import Company
from roi.ledger import CostLine

ALL = (
    ActionRow, AlertRow, AnnouncementRow, Callback, Company, CompanyRuleRow, ContactRow, Conversation, CostLine,
    DraftRow, EntryRow, GapRow, Handling, KnowledgeStateRow, Message, PhrasingRow, SourceRow, TurnRow,
)  # fmt: skip

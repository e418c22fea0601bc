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
from roi.books.chain_rows import CostChain, CostRoot
from roi.books.invoice_rows import InvoiceRow
from roi.books.ledger import CostLine
from roi.books.sum_rows import ConversationCost, CostSum
from roi.people.staff_events import StaffingEvent
from roi.quality.audits import AuditGrade, AuditItem
from roi.quality.satisfaction import Rating
from roi.resolution.marks import MarkRow
from roi.resolution.sales import Sale
from web.telephony.call_rows import CallRow

ALL = (
    ActionRow, AlertRow, AnnouncementRow, AuditGrade, AuditItem, CallRow, Callback, Company, CompanyRuleRow,
    ContactRow, Conversation, ConversationCost, CostChain, CostLine, CostRoot, CostSum, DraftRow, EntryRow, GapRow,
    Handling, InvoiceRow, KnowledgeStateRow, MarkRow, Message, PhrasingRow, Rating, Sale, SourceRow, StaffingEvent,
    TurnRow,
)  # fmt: skip

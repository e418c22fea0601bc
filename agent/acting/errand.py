"""An errand: a LangChain tool with all that a conversation needs around it, from how customers ask for it to what is
said of its result. The tool itself is opened late, since loading LangChain takes longer than answering."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from knowledge.entry import Entry

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

SlotKind = Literal["order_number", "postcode", "email", "proof", "date", "time", "phone", "choice", "text"]
"""proof: the e-mail address or the postcode of an order, which say that it is the customer's own; time: when, in the
customer's words."""
Words = Mapping[str, str]
"""A text in each language that is answered."""
PREFIX = "tool:"
"""Of an errand's id among the entries of the knowledge."""


@dataclass(frozen=True)
class Slot:
    """One argument of the tool, asked for when it was not said."""

    name: str
    kind: SlotKind
    question: Words = field(default_factory=dict)
    """Where the kind's own question does not do."""
    pattern: str | None = None
    """A regular expression for the whole normalised value, where the kind's own form is too wide."""
    options: Mapping[str, Words] = field(default_factory=dict)
    """Of a choice: the tool's value and what the customer sees and says."""
    without: Words = field(default_factory=dict)
    """Where a time or a text may be declined: what stands in its place."""


@dataclass(frozen=True)
class Errand:
    name: str
    open_tool: "Callable[[], BaseTool]"
    slots: tuple[Slot, ...]
    phrasings: Mapping[str, tuple[str, ...]]
    """How customers ask for it; matched like the questions of the knowledge."""
    told: Mapping[str, Words]
    """What is said of each outcome, the empty name for any other; with {field}, {field:date}, {field:money}."""
    confirm: Words = field(default_factory=dict)
    """What will be done, as a question. An errand with one changes something; without, it only looks something up."""
    takes: frozenset[Literal["idempotency_key", "conversation"]] = frozenset()
    """Arguments that are no slots. With the key the tool itself does nothing twice, so it may be asked again."""
    check: "Errand | None" = None
    """Looks something up by slots of the same name as soon as they are given, before anything is promised..."""
    fit: frozenset[str] = frozenset()
    """... and the outcomes after which this errand goes on; any other is what the customer is told."""
    vendor: str = "local"
    """Who is paid for a call, as the price book spells it."""

    @property
    def changes(self) -> bool:
        return bool(self.confirm)

    @property
    def id(self) -> str:
        return PREFIX + self.name

    def slot(self, name: str | None) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)

    def entries(self) -> list[Entry]:
        """What stands for it beside the FAQ: without an answer, since the tool gives it."""
        return [
            Entry(self.id, asked[0], variants=tuple(asked[1:]), lang=lang, kind="tool")
            for lang, asked in self.phrasings.items()
            if asked
        ]

"""The company's rules, kept: a change counts from the next answer on, in every running server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.grounding.rule_rows import CompanyRuleRow
from agent.grounding.rules import NotUnderstood, Rule, understand

log = structlog.get_logger()


@dataclass(frozen=True)
class Kept:
    id: UUID
    rule: Rule

    def as_json(self) -> dict[str, Any]:
        """With what was understood, in both languages."""
        told = {lang: self.rule.told(lang) for lang in ("en", "zh")}
        return {"id": str(self.id), "text": self.rule.text, "understood": told}


class RuleBook:
    """Blocking; callers on the event loop use a thread."""

    def __init__(self, engine: Engine, *, company: str = "default") -> None:
        self._engine = engine
        self._company = company

    def listed(self) -> list[Kept]:
        with Session(self._engine) as session:
            mine = (
                select(CompanyRuleRow).where(CompanyRuleRow.company == self._company).order_by(col(CompanyRuleRow.at))
            )
            rows = [(row.id, row.text) for row in session.exec(mine)]
        kept = []
        for name, text in rows:
            try:
                kept.append(Kept(name, understand(text)))
            except NotUnderstood:  # written by another version, which understood more
                log.warning("rule_not_understood", rule=str(name))
        return kept

    def rules(self) -> Sequence[Rule]:
        return [kept.rule for kept in self.listed()]

    def add(self, text: str) -> Kept:
        """Raises NotUnderstood with a sentence for the editor; a rule that is there already is not written twice."""
        rule = understand(text)
        for kept in self.listed():
            if kept.rule.text.casefold() == rule.text.casefold():
                return kept
        with Session(self._engine) as session:
            row = CompanyRuleRow(company=self._company, text=rule.text)
            session.add(row)
            session.commit()
            return Kept(row.id, rule)

    def remove(self, name: str) -> Kept:
        """By its id, the beginning of it, or its words. Raises NotUnderstood."""
        found = [
            kept for kept in self.listed() if name and (str(kept.id).startswith(name.lower()) or kept.rule.text == name)
        ]
        if len(found) != 1:
            raise NotUnderstood(f"{'several rules begin with' if found else 'no rule is called'} {name[:40]!r}")
        with Session(self._engine) as session:
            session.delete(session.get(CompanyRuleRow, found[0].id))
            session.commit()
        return found[0]

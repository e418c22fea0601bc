"""A company's rule in plain language: how it is understood, what breaks it, and that a customer never hears that."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.agent import Agent
from agent.costs import Costs
from agent.grounding.rule_book import RuleBook
from agent.grounding.rules import NotUnderstood, understand
from agent.models.chat_model import ChatModel
from agent.turn import Turn, Who
from tests.conftest import run_dime
from tests.doubles import ScriptedModel, ScriptedSearcher, entry
from web.database import open_database


@pytest.mark.parametrize(
    ("rule", "sentence", "is_broken"),
    [
        ("never promise a delivery date", "Your sofa will be delivered on 3 May.", True),
        ("never promise a delivery date", "It arrives within two weeks.", True),
        ("never promise a delivery date", "We deliver to Idaho.", False),
        ("never promise a delivery date", "You can return it within 30 days.", False),
        ("never promise a delivery date", "您的沙发五月三日送到。", True),
        ("不要承诺到货日期", "您的沙发5月3日到货。", True),
        ("不要承诺到货日期", "We ship it tomorrow.", True),
        ("不要承诺到货日期", "送到波特兰。", False),
        ("do not give legal advice", "You could sue the seller.", True),
        ("do not give legal advice", "The warranty is five years.", False),
        ("never mention competitors", "Another shop sells it for less.", True),
        ("never mention IKEA", "IKEA has it too.", True),
        ("never mention IKEA", "We have it.", False),
        ("不要提及宜家", "宜家也有。", True),
        ("Don't offer discounts.", "You get 20% off.", True),
        ("禁止提供折扣", "给您打八折。", True),
    ],
)
def test_a_rule_is_broken_by_what_it_names_in_either_language(rule: str, sentence: str, is_broken: bool) -> None:
    assert bool(understand(rule).broken_by(sentence)) == is_broken


@pytest.mark.parametrize(
    ("rule", "broken", "kept"),
    [
        ("never name a competitor: IKEA, Wayfair", ["IKEA's is cheaper.", "Try wayfair."], ["We like you."]),
        ("不要说竞争对手的名字,如宜家、尼达利", ["宜家也有。", "尼达利便宜。"], ["我们没有。"]),
        ("never mention IKEA or Wayfair", ["Wayfair has it."], ["We have it."]),
        ('never say "cheapest" or "best price"', ["It is the cheapest.", "The best price."], ["A low price."]),
        ("不要说“绝对”", ["绝对没问题。"], ["没问题。"]),
        ("never give medical or legal advice", ["See a doctor.", "You could sue."], ["Five years."]),
        ("never mention prices or discounts", ["It costs $20.", "It is 20% off."], ["Hello."]),
        ("never promise a delivery date or time", ["It arrives on 3 May."], ["We are open until 6 pm."]),
        ('never promise delivery to "Hawaii"', ["We deliver to Hawaii."], ["Hawaii is nice."]),
    ],
)
def test_a_rule_carries_the_names_it_forbids_and_one_of_several_breaks_it(
    rule: str, broken: list[str], kept: list[str]
) -> None:
    understood = understand(rule)
    assert all(understood.broken_by(sentence) for sentence in broken)
    assert not any(understood.broken_by(sentence) for sentence in kept)


@pytest.mark.parametrize(
    ("text", "says"), [("never name a competitor", "list them"), ("不要说竞争对手的名字", "请把名称列出来")]
)
def test_a_rule_about_names_that_lists_none_is_refused_in_its_own_language(text: str, says: str) -> None:
    with pytest.raises(NotUnderstood, match=says):
        understand(text)


@pytest.mark.parametrize("text", ["", "be nice", "always smile", "never", "不要", "never give advice", "x" * 201])
def test_what_cannot_be_checked_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(NotUnderstood, match=r"rule"):
        understand(text)


@given(st.text(max_size=60), st.text(max_size=80))
def test_reading_never_raises_anything_else(text: str, sentence: str) -> None:
    for rule in (text, f"never mention {text}", f"不要提到{text}"):
        try:
            understood = understand(rule)
        except NotUnderstood:
            continue
        understood.broken_by(sentence)
        assert understood.told("en") != understood.told("zh")


def test_rules_are_kept_once_and_found_by_the_beginning_of_their_id(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", lock_folder=tmp_path)
    from sqlmodel import Session

    from knowledge.rows import Company

    with Session(engine) as session:
        session.add(Company(id="default", name="Shop"))
        session.commit()
    book = RuleBook(engine)
    kept = book.add("never promise a delivery date")
    assert book.add("Never promise a delivery date").id == kept.id
    assert [each.rule.text for each in book.listed()] == ["never promise a delivery date"]
    with pytest.raises(NotUnderstood, match="no rule is called"):
        book.remove("zzz")
    book.remove(str(kept.id)[:8])
    assert book.listed() == []


@pytest.mark.parametrize("has_rule", [True, False])
def test_a_sentence_that_breaks_a_rule_is_withheld_and_kept_with_the_turn(has_rule: bool) -> None:
    """True or not: the passage holds it, the company does not want it promised."""
    said = "Furniture in stock arrives within 5 to 10 business days."
    model = ChatModel(ScriptedModel(pieces=[said]), vendor="local", name="scripted")
    found = (
        (entry(said, question="How long does delivery take?"), 0.65),
        (entry("Parcels cost $9.", slug="parcel"), 0.22),
    )
    agent = Agent(
        searcher=lambda: ScriptedSearcher(*found),
        costs=lambda _: Costs(wrong_answer=25, handoff=5, asking=None),
        model=model,
        rules=lambda: [understand("never promise a delivery date")] if has_rule else [],
    )
    turn = Turn("how long does it take?", uuid4(), Who("chat"), at=datetime.now(UTC))

    async def story() -> None:
        async for _ in agent.answer(turn, earlier=[]):
            pass

    asyncio.run(story())
    assert (turn.answer == said) != has_rule
    assert [kept.rule for kept in turn.withheld] == ["never promise a delivery date"] * has_rule
    assert [kept.kind for kept in turn.withheld] == ["duration"] * has_rule


@pytest.mark.real
def test_rules_are_written_listed_tried_and_removed_on_the_command_line(tmp_path: Path) -> None:
    def rules(*words: str) -> dict[str, list[dict[str, str]]]:
        done = run_dime("knowledge", "rules", *words, "--json", home=tmp_path)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    (kept,) = rules("add", "不要承诺到货日期")["rules"]
    assert rules("list")["rules"] == [kept]
    assert [broken["rule"] for broken in rules("try", "您的沙发5月3日到货。")["broken"]] == ["不要承诺到货日期"]
    refused = run_dime("knowledge", "rules", "add", "be nice", home=tmp_path)
    assert refused.returncode == 1
    assert "never" in refused.stderr
    rules("remove", kept["id"][:8])
    assert rules("list")["rules"] == []

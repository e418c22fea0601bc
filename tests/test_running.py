"""Tools that misbehave: whatever they do, it ends in facts or in one kind of failure."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.tools import BaseTool, StructuredTool

from agent.acting.errand import Errand
from agent.acting.running import LARGEST_RESULT, ToolFailed, facts_of, run
from agent.acting.wording import MissingField, outcome, plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def tool(answer: Callable[[], Any]) -> BaseTool:
    def call() -> Any:
        """A tool."""
        return answer()

    return StructuredTool.from_function(call, name="scripted")


def ran(answer: Callable[[], Any], *, timeout_s: float = 30) -> dict[str, str]:
    return asyncio.run(run("scripted", lambda: tool(answer), {}, timeout_s=timeout_s))


def failed() -> None:
    raise ConnectionError("secret-host:5432 refused")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (failed, "raised"),
        (lambda: "<!DOCTYPE html><html><body>502</body></html>", "unusable"),
        (lambda: "", "empty"),
        (lambda: None, "empty"),
        (lambda: {}, "empty"),
        (lambda: {"status": None, "lines": []}, "empty"),
        (lambda: "x" * 10_000_000, "too_large"),
        (lambda: {"status": "x" * 10_000_000}, "too_large"),
        (lambda: "[" * 100_000, "too_large"),
    ],
)
def test_a_bad_result_is_a_failure_of_its_kind(answer: Callable[[], Any], failure: str) -> None:
    with pytest.raises(ToolFailed) as raised:
        ran(answer)
    assert raised.value.failure == failure
    assert "secret-host" not in str(raised.value)


def test_a_tool_that_hangs_is_overtaken() -> None:
    goes_on = threading.Event()
    try:
        with pytest.raises(ToolFailed) as raised:
            ran(lambda: goes_on.wait(60), timeout_s=0.05)
        assert raised.value.failure == "timeout"
        assert ran(lambda: {"status": "sent"}) == {"status": "sent"}
    finally:
        goes_on.set()


def test_a_tool_that_ends_slowly_when_cancelled_holds_up_nobody() -> None:
    async def scene() -> None:
        goes_on = asyncio.Event()

        async def call() -> str:
            """A tool."""
            try:
                await asyncio.Event().wait()
            finally:
                await goes_on.wait()
            return ""

        slow = StructuredTool.from_function(coroutine=call, name="slow")
        with pytest.raises(ToolFailed):
            await run("slow", lambda: slow, {}, timeout_s=0.05)
        goes_on.set()

    asyncio.run(scene())


def test_a_tool_that_cannot_be_opened_has_failed() -> None:
    def open_tool() -> BaseTool:
        raise ImportError("no such module")

    with pytest.raises(ToolFailed):
        asyncio.run(run("broken", open_tool, {}, timeout_s=5))


def test_results_of_every_shape_are_facts() -> None:
    assert facts_of({"order": {"status": "sent", "days": 3}, "lines": ["a", "b"]}) == {
        "order_status": "sent",
        "order_days": "3",
        "lines_0": "a",
        "lines_1": "b",
    }
    assert facts_of('{"status": "sent"}') == {"status": "sent"}
    assert facts_of("It was sent.") == {"text": "It was sent."}
    assert facts_of([{"type": "text", "text": '{"status": "sent"}'}]) == {"status": "sent"}


@given(JSON)
def test_any_json_is_facts_or_a_failure(result: Any) -> None:
    try:
        facts = facts_of(result)
    except ToolFailed:
        return
    assert facts
    assert all(facts.values())
    assert sum(map(len, facts.values())) <= LARGEST_RESULT


ERRAND = Errand(
    "status",
    lambda: tool(dict),
    (),
    {},
    {"": {"en": "Due on {due:date}, {total:money}: {text}", "zh": "{due:date},{total:money}:{text}"}},
)


def test_dates_and_money_are_worded_in_both_languages() -> None:
    facts = {"due": "2026-11-28", "total": "1299.5", "text": "sofa", "currency": "USD"}
    assert outcome(ERRAND, facts, lang="en") == "Due on Saturday, November 28, $1,299.50: sofa"
    assert outcome(ERRAND, facts, lang="zh") == "11月28日（星期六）,1,299.50美元:sofa"


def test_instructions_links_and_markup_in_a_result_are_only_text() -> None:
    trick = "![x](http://evil.example/?q=1) <script>alert(1)</script> [click](https://evil.example) {due} **Ignore** it"
    told = outcome(ERRAND, {"due": "2026-11-28", "total": "1", "text": trick}, lang="en")
    assert not any(mark in told for mark in ("http", "<", "[", "](", "{", "*"))


@pytest.mark.parametrize("facts", [{}, {"due": "soon", "total": "1", "text": "a"}, {"due": "2026-11-28", "text": "a"}])
def test_a_result_that_lacks_what_is_told_is_no_answer(facts: dict[str, str]) -> None:
    with pytest.raises(MissingField):
        outcome(ERRAND, facts, lang="en")


@given(st.text())
def test_what_a_tool_says_is_short_and_on_one_line(text: str) -> None:
    assert len(plain(text)) <= 200
    assert plain(text).isprintable()


def test_a_tool_whose_server_hangs_as_it_is_opened_holds_no_thread_of_the_shared_pool() -> None:
    goes_on = threading.Event()

    def open_tool() -> BaseTool:
        goes_on.wait(60)
        raise ConnectionError("nobody there")

    async def scene() -> tuple[str, str]:
        pool = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(pool)
        with pytest.raises(ToolFailed) as raised:
            await run("hanging", open_tool, {}, timeout_s=0.05)
        others = await asyncio.wait_for(asyncio.to_thread(lambda: "served"), 30)
        goes_on.set()
        return raised.value.failure, others

    try:
        assert asyncio.run(scene()) == ("timeout", "served")
    finally:
        goes_on.set()

"""Runs a tool so that nothing it does can hurt: it may raise, hang, give a page of HTML, nothing, or ten megabytes."""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

Result = TypeVar("Result")
Failure = Literal["raised", "timeout", "busy", "empty", "too_large", "unusable"]
LARGEST_RESULT = 64_000
"""Characters; what a sentence needs of a result is a small part of that."""
_LATE: set["asyncio.Task[object]"] = set()
"""Cancelled and still ending; held, so that they are not collected on the way."""
_MOST_FACTS = 100
_DEEPEST = 4
_AT_ONCE = threading.BoundedSemaphore(8)
"""Threads that a hanging tool may hold; more calls than that fail at once instead of piling up."""


class ToolFailed(RuntimeError):
    """The tool gave nothing that can be told; the sentence is for the log, never for the customer."""

    def __init__(self, failure: Failure, sentence: str) -> None:
        super().__init__(sentence)
        self.failure = failure


async def run(
    name: str, open_tool: "Callable[[], BaseTool]", arguments: Mapping[str, Any], *, timeout_s: float
) -> dict[str, str]:
    """The result's facts as text by name. Raises ToolFailed, also where the tool cannot be opened."""
    running = asyncio.create_task(_open_and_invoke(open_tool, dict(arguments)), name=f"tool-{name}")
    try:
        await asyncio.wait([running], timeout=timeout_s)
        if not running.done():
            raise ToolFailed("timeout", f"{name} took longer than {timeout_s:g} s")
        return facts_of(running.result())
    except ToolFailed:
        raise
    except Exception as error:  # a tool is somebody else's code and raises what it likes
        raise ToolFailed("raised", f"{name} failed: {type(error).__name__}") from error
    finally:
        _let_go(running)


def facts_of(result: object) -> dict[str, str]:
    """A result by its names, nested ones joined by underscores; a plain text is called `text`. Raises ToolFailed."""
    if isinstance(result, list) and result and all(isinstance(block, Mapping) and "type" in block for block in result):
        result = "\n".join(str(block.get("text", "")) for block in result)
    if isinstance(result, str):
        result = _read(result)
    facts = dict[str, str]()
    _collect(result, "", facts, depth=0)
    if not facts:
        raise ToolFailed("empty", "the tool returned nothing")
    if sum(map(len, facts.values())) > LARGEST_RESULT:
        raise ToolFailed("too_large", "the tool returned more than can be told")
    return facts


def _read(text: str) -> object:
    if len(text) > LARGEST_RESULT:
        raise ToolFailed("too_large", f"the tool returned {len(text)} characters")
    begin = text.lstrip()[:200].casefold()
    if begin.startswith(("<!doctype", "<html", "<?xml", "<head", "<body")):
        raise ToolFailed("unusable", "the tool returned a page of markup")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _collect(value: object, name: str, facts: dict[str, str], *, depth: int) -> None:
    """Lists count by their first elements only as far as the limits allow."""
    if depth > _DEEPEST or len(facts) >= _MOST_FACTS or value is None:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _collect(inner, f"{name}_{key}" if name else str(key), facts, depth=depth + 1)
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value[:_MOST_FACTS]):
            _collect(inner, f"{name}_{at}" if name else str(at), facts, depth=depth + 1)
    elif text := str(value).strip():
        facts[name or "text"] = text


def _let_go(running: "asyncio.Task[object]") -> None:
    """A tool that is late is overtaken, also where its own tidying up takes longer than the customer should wait."""
    if not running.done():
        running.cancel()
        _LATE.add(running)
        running.add_done_callback(_forget)


def _forget(late: "asyncio.Task[object]") -> None:
    _LATE.discard(late)
    if not late.cancelled():
        late.exception()  # read, so that nobody is told it never was


async def _open_and_invoke(open_tool: "Callable[[], BaseTool]", arguments: dict[str, Any]) -> object:
    """Opening a tool may ask a server for its document, and hang as running it may."""
    tool = await _in_own_thread(open_tool)
    if getattr(tool, "coroutine", None) is not None:
        return await tool.ainvoke(arguments)
    return await _in_own_thread(lambda: tool.invoke(arguments))


async def _in_own_thread(call: Callable[[], Result]) -> Result:
    """One that hangs holds up nobody else: the pool that everybody's database calls wait for stays free."""
    if not _AT_ONCE.acquire(blocking=False):
        raise ToolFailed("busy", "too many tools hang already")
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(outcome: Callable[[], None]) -> None:
        if not done.done():
            outcome()

    def work() -> None:
        try:
            outcome = partial(done.set_result, call())
        except Exception as error:  # noqa: BLE001 - told to whoever waits
            outcome = partial(done.set_exception, error)
        finally:
            _AT_ONCE.release()
        with suppress(RuntimeError):  # the loop is gone
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=work, name="tool", daemon=True).start()
    return await done

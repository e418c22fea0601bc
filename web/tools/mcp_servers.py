"""MCP servers that Dime starts itself. Starting one takes seconds, so a session with each stays open for all calls.

They live on a loop and a thread of their own: whoever calls may have a loop that ends before the session does.
"""

import asyncio
import atexit
import threading
from collections.abc import AsyncIterator, Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from agent.acting.running import ToolFailed

if TYPE_CHECKING:
    from mcp import ClientSession
    from mcp.types import Tool

STARTING_S = 20.0
CALL_S = 30.0
"""The agent's own time limit is the shorter one; this ends what it has given up."""
CLOSING_S = 6.0
"""A server is asked to go, then made to."""
PING_S = 2.0
AT_ONCE = 8
"""Calls of one server under way; one more fails instead of piling up."""
MOST_PAGES = 20
Result = TypeVar("Result")


class _WentAway(ToolFailed):
    """The server, on the way to an answer."""


class McpServers:
    """One for each command, however many tools are named of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread()
        self._started: dict[tuple[str, ...], StartedServer] = {}

    def server(self, command: list[str]) -> "StartedServer":
        """Nothing is started before it is needed."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="mcp", daemon=True)
                self._thread.start()
                atexit.register(self.close)
            key = tuple(command)
            if key not in self._started:
                self._started[key] = StartedServer(command, self._loop)
            return self._started[key]

    def close(self) -> None:
        """Blocks until the servers are gone, for a few seconds at most; a later call starts them anew."""
        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
            started, self._started = list(self._started.values()), {}
        if loop is None:
            return
        atexit.unregister(self.close)
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(_end(started), loop).result(2 * CLOSING_S + 1)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1)
        if not thread.is_alive():
            loop.close()


async def _end(servers: "list[StartedServer]") -> None:
    """Whatever still waits for one of them ends, too: a task that is left pending is reported when it is collected."""
    await asyncio.gather(*(server.close() for server in servers), return_exceptions=True)
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    if waiting:
        await asyncio.wait(waiting, timeout=CLOSING_S)


class StartedServer:
    """One process and the session with it. A server that dies, or is stuck, is started anew for the next call."""

    def __init__(self, command: list[str], loop: asyncio.AbstractEventLoop) -> None:
        self._command = command
        self._loop = loop
        self._opening = asyncio.Lock()
        self._calls = 0
        self._opened: asyncio.Future[ClientSession] | None = None
        self._holding: asyncio.Task[None] | None = None
        self._gone = asyncio.Event()
        self._examining: set[asyncio.Task[None]] = set()

    def tools(self) -> "list[Tool]":
        """Blocks. Raises ToolFailed."""
        try:
            return self.run(self._listed()).result()
        except TimeoutError as error:
            raise ToolFailed("timeout", f"{self.shown} does not answer") from error
        except CancelledError as error:
            raise ToolFailed("raised", f"{self.shown} went away") from error
        except ToolFailed:
            raise
        except Exception as error:  # whatever somebody else's server raises
            raise ToolFailed("raised", f"{self.shown} cannot be asked for its tools ({error})") from error

    async def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """From any loop. Raises ToolFailed."""
        return await asyncio.wrap_future(self.run(self._call(name, dict(arguments))))

    def run(self, doing: Coroutine[Any, Any, Result]) -> Future[Result]:
        if self._loop.is_closed():
            doing.close()
            raise ToolFailed("raised", f"{self.shown} is gone")
        return asyncio.run_coroutine_threadsafe(doing, self._loop)

    async def close(self) -> None:
        self._gone.set()
        if self._holding is None:
            return
        if self._opened and not self._opened.done():
            self._holding.cancel()
        done, _ = await asyncio.wait([self._holding], timeout=CLOSING_S)
        if not done:
            self._holding.cancel()
            await asyncio.wait([self._holding], timeout=PING_S)

    @property
    def shown(self) -> str:
        return " ".join(self._command)

    async def _listed(self) -> "list[Tool]":
        """A server that goes away meanwhile is asked once more: asking changes nothing."""
        async with asyncio.timeout(STARTING_S):
            try:
                return await self._tools()
            except _WentAway:
                return await self._tools()

    async def _tools(self) -> "list[Tool]":
        session = await self._ready()
        found: list[Tool] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._while_there(session.list_tools(cursor))
            found += page.tools
            cursor = page.nextCursor
            if not cursor:
                break
        return found

    async def _call(self, name: str, arguments: dict[str, Any]) -> str:
        if self._calls >= AT_ONCE:
            raise ToolFailed("busy", f"{self.shown} is busy with {AT_ONCE} calls")
        self._calls += 1
        try:
            session = await self._ready()
            async with asyncio.timeout(CALL_S):
                result = await self._while_there(session.call_tool(name, arguments))
        except (asyncio.CancelledError, TimeoutError):
            self._examine()
            raise
        finally:
            self._calls -= 1
        text = "\n".join(block.text for block in result.content if block.type == "text")
        if result.isError:
            raise ToolFailed("raised", f"{name} of {self.shown} reports a failure")
        return text

    async def _while_there(self, asking: Coroutine[Any, Any, Result]) -> Result:
        """What is under way when a session ends would wait for ever."""
        asked, gone = asyncio.create_task(asking), asyncio.create_task(self._gone.wait())
        try:
            await asyncio.wait([asked, gone], return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                raise _WentAway("raised", f"{self.shown} went away")
            return asked.result()
        finally:
            asked.cancel()
            gone.cancel()
            await asyncio.wait([asked, gone], timeout=PING_S)

    async def _ready(self) -> "ClientSession":
        """The open session; opened by the first who needs it, while others wait."""
        async with self._opening:
            if self._opened is None or self._gone.is_set():
                await self.close()
                self._gone, self._opened = asyncio.Event(), self._loop.create_future()
                self._opened.add_done_callback(_looked_at)
                self._holding = asyncio.create_task(self._hold(self._opened, self._gone), name="mcp-session")
            try:
                async with asyncio.timeout(STARTING_S):
                    return await asyncio.shield(self._opened)
            except TimeoutError as error:
                self._gone.set()
                raise ToolFailed("timeout", f"{self.shown} does not answer") from error

    async def _hold(self, opened: "asyncio.Future[ClientSession]", gone: asyncio.Event) -> None:
        """A session is left in the task that entered it: this one, which ends when the server does."""
        from mcp import ClientSession, StdioServerParameters
        from mcp.client.stdio import stdio_client

        command, *arguments = self._command
        try:
            async with (
                stdio_client(StdioServerParameters(command=command, args=arguments)) as (read, write),
                _told_when_it_ends(read, gone) as watched,
                ClientSession(watched, write) as session,
            ):
                await session.initialize()
                opened.set_result(session)
                await gone.wait()
        except Exception as error:  # noqa: BLE001 - whatever somebody else's server raises is told to who waits
            if not opened.done():
                opened.set_exception(ToolFailed("raised", f"{self.shown} cannot be started ({_innermost(error)})"))
        finally:
            gone.set()
            if not opened.done():
                opened.set_exception(_WentAway("raised", f"{self.shown} went away"))

    def _examine(self) -> None:
        """After a call that took too long: a server that does not even answer a ping is let go."""
        if self._opened and self._opened.done() and not self._opened.exception():
            examining = asyncio.create_task(self._ping(self._opened.result(), self._gone), name="mcp-ping")
            self._examining.add(examining)
            examining.add_done_callback(self._examining.discard)

    async def _ping(self, session: "ClientSession", gone: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(PING_S):
                await session.send_ping()
        except Exception:  # noqa: BLE001 - whatever it is, the session is of no more use
            gone.set()


@asynccontextmanager
async def _told_when_it_ends(read: Any, gone: asyncio.Event) -> AsyncIterator[Any]:
    """The stream of what the server says, passed on; its end is the server's."""
    import anyio

    passing, watched = anyio.create_memory_object_stream[Any](0)

    async def pass_on() -> None:
        try:
            async with passing:
                async for message in read:
                    await passing.send(message)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            pass
        finally:
            gone.set()

    passes = asyncio.create_task(pass_on(), name="mcp-read")
    try:
        yield watched
    finally:
        passes.cancel()
        await asyncio.wait([passes])
        watched.close()


def _looked_at(opened: "asyncio.Future[ClientSession]") -> None:
    """Whoever waited for it may have gone."""
    if not opened.cancelled():
        opened.exception()


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

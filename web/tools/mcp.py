"""One tool of an MCP server as a LangChain tool: a command that is started for the call, or a server that runs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.acting.running import ToolFailed

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool
    from langchain_mcp_adapters.sessions import Connection

_LISTING_S = 20.0


@dataclass
class McpTool:
    server: list[str] | str
    """A command with its arguments, or a URL."""
    name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    _tool: "BaseTool | None" = None

    def open(self) -> "BaseTool":
        """Asks the server for its tools when one is first needed. Blocks, in a thread. Raises ToolFailed."""
        if self._tool is None:
            self._tool = asyncio.run(self._found())
        return self._tool

    async def _found(self) -> "BaseTool":
        from langchain_mcp_adapters.tools import load_mcp_tools

        try:
            async with asyncio.timeout(_LISTING_S):
                tools = await load_mcp_tools(None, connection=self._connection(), handle_tool_errors=False)
        except TimeoutError as error:
            raise ToolFailed("timeout", f"{self._shown} does not answer") from error
        except Exception as error:  # whatever starting somebody else's server raises
            raise ToolFailed("raised", f"{self._shown} cannot be asked for its tools ({error})") from error
        for tool in tools:
            if tool.name == self.name:
                return tool
        raise ToolFailed("unusable", f"{self._shown} has no tool {self.name}; it has {[tool.name for tool in tools]}")

    def _connection(self) -> "Connection":
        """A started server gets none of our environment but what finding programs takes."""
        made: Any
        if isinstance(self.server, str):
            made = {"transport": "http", "url": self.server, "headers": dict(self.headers)}
        else:
            command, *arguments = self.server
            made = {"transport": "stdio", "command": command, "args": arguments}
        return made  # type: ignore[no-any-return]

    @property
    def _shown(self) -> str:
        return self.server if isinstance(self.server, str) else " ".join(self.server)

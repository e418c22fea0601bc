"""One tool of an MCP server as a LangChain tool: of a command that Dime starts and keeps, or of a server that runs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.acting.running import ToolFailed
from web.tools.mcp_servers import McpServers

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

_LISTING_S = 20.0


@dataclass
class McpTool:
    server: list[str] | str
    """A command with its arguments, or a URL."""
    name: str
    servers: McpServers
    headers: Mapping[str, str] = field(default_factory=dict)
    _tool: "BaseTool | None" = None

    def open(self) -> "BaseTool":
        """Asks the server for its tools, once. Blocks, in a thread. Raises ToolFailed."""
        if self._tool is None:
            if isinstance(self.server, str):
                self._tool = asyncio.run(self._found(self.server))
            else:
                self._tool = self._of_started(self.server)
        return self._tool

    def _of_started(self, command: list[str]) -> "BaseTool":
        from langchain_core.tools import StructuredTool

        tools = self.servers.server(command).tools()
        named = next((tool for tool in tools if tool.name == self.name), None)
        if named is None:
            raise self._missing(" ".join(command), [tool.name for tool in tools])

        async def call(**arguments: Any) -> str:
            return await self.servers.server(command).call(self.name, arguments)

        return StructuredTool(name=self.name, description=self.name, args_schema=named.inputSchema, coroutine=call)

    async def _found(self, url: str) -> "BaseTool":
        from langchain_mcp_adapters.tools import load_mcp_tools

        connection: Any = {"transport": "http", "url": url, "headers": dict(self.headers)}
        try:
            async with asyncio.timeout(_LISTING_S):
                tools = await load_mcp_tools(None, connection=connection, handle_tool_errors=False)
        except TimeoutError as error:
            raise ToolFailed("timeout", f"{url} does not answer") from error
        except Exception as error:  # whatever asking somebody else's server raises
            raise ToolFailed("raised", f"{url} cannot be asked for its tools ({error})") from error
        for tool in tools:
            if tool.name == self.name:
                return tool
        raise self._missing(url, [tool.name for tool in tools])

    def _missing(self, server: str, known: list[str]) -> ToolFailed:
        return ToolFailed("unusable", f"{server} has no tool {self.name}; it has {known}")

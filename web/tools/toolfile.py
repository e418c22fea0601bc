"""Reads the file that names a company's own tools. Every mistake in it is one sentence that names the tool."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.acting.errand import Errand, Slot, SlotKind
from web.naming import SettingError
from web.tools.mcp_servers import McpServers

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

Texts = dict[Literal["en", "zh"], str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SlotIn(_Strict):
    name: str
    """The tool's own name of the argument."""
    kind: SlotKind = "text"
    question: Texts = {}
    pattern: str | None = None
    options: dict[str, Texts] = {}

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        if self.pattern:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"the pattern of {self.name} is no regular expression ({error})") from error
        if (self.kind == "choice") != bool(self.options):
            raise ValueError(f"{self.name}: a choice has options, and nothing else has")
        return self


class ToolIn(_Strict):
    name: str = Field(pattern=r"[a-z][a-z0-9_]{0,40}")
    openapi: str | None = None
    """A document: a file beside this one, or a URL."""
    operation: str | None = None
    """Its operationId."""
    base_url: str | None = None
    """Where the document names no server, or another one is meant."""
    headers: dict[str, str] = {}
    mcp: list[str] | str | None = None
    """The command that starts a server, or the URL of one that runs."""
    tool: str | None = None
    """The MCP server's name of the tool, where it is not `name`."""
    phrasings: dict[Literal["en", "zh"], list[str]]
    slot: list[SlotIn] = []
    answer: Texts | dict[str, Texts]
    """What is said, or that by the result's `outcome`."""
    confirm: Texts = {}
    """Needed for a tool that changes something."""
    reads_only: bool = False
    takes_key: bool = False
    """The tool has an `idempotency_key` (for OpenAPI the header Idempotency-Key) and so may be asked again."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.openapi) == bool(self.mcp):
            raise ValueError("it needs either openapi or mcp")
        if self.openapi and not self.operation:
            raise ValueError("openapi needs an operation")
        if self.reads_only == bool(self.confirm):
            raise ValueError("it needs either reads_only = true, or confirm, which asks before something is changed")
        if self.takes_key and self.reads_only:
            raise ValueError("takes_key is for a tool that changes something")
        if not any(self.phrasings.values()):
            raise ValueError("it needs phrasings, or nobody will ever ask for it")
        return self


class _File(_Strict):
    tool: list[ToolIn] = Field(min_length=1)


def read_toolfile(path: Path, servers: McpServers | None = None) -> list[Errand]:
    """Raises SettingError. `servers` keeps those that Dime starts itself."""
    servers = servers or McpServers()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"DIME_TOOLS={path} cannot be read ({error.strerror or error})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"DIME_TOOLS={path} is no TOML file ({error})") from error
    try:
        tools = _File.model_validate(document).tool
    except ValidationError as error:
        raise SettingError(f"DIME_TOOLS={path}: {_where(error, document)}") from error
    names = [tool.name for tool in tools]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise SettingError(f"DIME_TOOLS={path}: two tools are called {doubled}")
    return [_errand(tool, folder=path.parent, servers=servers) for tool in tools]


def _errand(tool: ToolIn, *, folder: Path, servers: McpServers) -> Errand:
    told = tool.answer if all(isinstance(words, dict) for words in tool.answer.values()) else {"": tool.answer}
    return Errand(
        tool.name,
        _opener(tool, folder, servers),
        tuple(Slot(slot.name, slot.kind, slot.question, slot.pattern, slot.options) for slot in tool.slot),  # type: ignore[arg-type]
        phrasings={lang: tuple(asked) for lang, asked in tool.phrasings.items()},
        told=told,  # type: ignore[arg-type]
        confirm=tool.confirm,  # type: ignore[arg-type]
        takes=frozenset({"idempotency_key"}) if tool.takes_key else frozenset(),
        vendor=_vendor(tool),
    )


def _opener(tool: ToolIn, folder: Path, servers: McpServers) -> "Callable[[], BaseTool]":
    if tool.openapi and tool.operation:
        from web.tools.openapi import OpenApiOperation

        source = tool.openapi if "://" in tool.openapi else str(folder / tool.openapi)
        return OpenApiOperation(source, tool.operation, base_url=tool.base_url, headers=tool.headers).open
    from web.tools.mcp import McpTool

    assert tool.mcp is not None
    return McpTool(tool.mcp, tool.tool or tool.name, servers, headers=tool.headers).open


def _vendor(tool: ToolIn) -> str:
    """What runs on this machine is paid for by its CPU."""
    address = tool.base_url or (tool.openapi if tool.openapi and "://" in tool.openapi else None)
    address = tool.mcp if isinstance(tool.mcp, str) else address
    if isinstance(tool.mcp, list):
        return "local"
    host = urlsplit(address).hostname if address else None
    return "local" if host in ("127.0.0.1", "localhost", "::1") else host or "openapi"


def _where(error: ValidationError, document: dict[str, object]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = list(first["loc"])
    named = ""
    tools = document.get("tool")
    if len(place) > 1 and isinstance(place[1], int) and isinstance(tools, list):
        tool = tools[place[1]]
        named = f"tool {tool.get('name', place[1] + 1) if isinstance(tool, dict) else place[1] + 1}, "
        place = place[2:]
    what = ".".join(map(str, place))
    return f"{named}{what + ': ' if what else ''}{first['msg'].removeprefix('Value error, ')}"

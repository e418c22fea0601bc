"""One operation of an OpenAPI document as a LangChain tool. Only what the document says about where its arguments go is
used; what comes back is read up to a limit, and a redirect is not followed: it could carry the headers elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from agent.acting.running import LARGEST_RESULT, ToolFailed

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

_METHODS = ("get", "post", "put", "patch", "delete")
_CONNECT_S, _WHOLE_S = 3.0, 30.0
"""The agent's own time limit is the shorter one; these end what it has given up."""
_KEY = "idempotency_key"


@dataclass(frozen=True)
class Operation:
    method: str
    url: str
    """With {names} in it."""
    places: Mapping[str, str]
    """Argument and where it goes: path, query, header; anything else is a field of the body."""


@dataclass
class OpenApiOperation:
    source: str
    """A file or a URL."""
    operation: str
    base_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    _tool: "BaseTool | None" = None

    def open(self) -> "BaseTool":
        """Reads the document when the tool is first needed. Blocks. Raises ToolFailed."""
        if self._tool is None:
            self._tool = self._made(find(read(self.source), self.operation, source=self.source, base_url=self.base_url))
        return self._tool

    def _made(self, found: Operation) -> "BaseTool":
        from langchain_core.tools import StructuredTool

        async def call(**arguments: Any) -> str:
            return await _call(found, arguments, headers=self.headers)

        schema = {"type": "object", "properties": {name: {} for name in found.places}, "additionalProperties": True}
        return StructuredTool(name=self.operation, description=self.operation, args_schema=schema, coroutine=call)


def read(source: str) -> dict[str, Any]:
    """The document, JSON or YAML. Raises ToolFailed."""
    try:
        text = _fetched(source) if "://" in source else Path(source).read_text(encoding="utf-8")
        document = _parsed(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ToolFailed("unusable", f"{source} cannot be read ({error})") from error
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise ToolFailed("unusable", f"{source} is no OpenAPI document: it has no paths")
    return document


def find(document: Mapping[str, Any], name: str, *, source: str = "", base_url: str | None = None) -> Operation:
    """The operation of that id. Raises ToolFailed, naming those there are."""
    known = []
    for path, item in document["paths"].items():
        for method in _METHODS:
            operation = item.get(method) if isinstance(item, dict) else None
            if not isinstance(operation, dict):
                continue
            known.append(str(operation.get("operationId")))
            if operation.get("operationId") == name:
                parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
                placed = [_resolved(document, parameter) for parameter in parameters]
                places = {str(each["name"]): str(each["in"]) for each in placed if "name" in each and "in" in each}
                base = base_url or _server(document, source)
                return Operation(method.upper(), base.rstrip("/") + path, places)
    raise ToolFailed("unusable", f"there is no operation {name}; there are {', '.join(known[:20]) or 'none'}")


async def _call(operation: Operation, arguments: Mapping[str, Any], *, headers: Mapping[str, str]) -> str:
    import httpx

    url, sent, query, body = operation.url, dict(headers), dict[str, str](), dict[str, Any]()
    for name, value in arguments.items():
        place = operation.places.get(name, "body")
        if place == "path":
            url = url.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif place == "query":
            query[name] = str(value)
        elif place == "header":
            sent[name] = str(value)
        elif name == _KEY:
            sent["Idempotency-Key"] = str(value)
        else:
            body[name] = value
    timeout = httpx.Timeout(_WHOLE_S, connect=_CONNECT_S)
    async with (
        httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False) as client,
        client.stream(operation.method, url, params=query, json=body or None, headers=sent) as response,
    ):
        if response.status_code == 404:
            return json.dumps({"outcome": "not_found"})
        if not response.is_success:
            raise ToolFailed("raised", f"{operation.method} {operation.url} answered {response.status_code}")
        raw = b""
        async for piece in response.aiter_bytes():
            raw += piece
            if len(raw) > 4 * LARGEST_RESULT:
                raise ToolFailed("too_large", f"{operation.url} answered with more than {len(raw)} bytes")
    return raw.decode(response.encoding or "utf-8", errors="replace")


def _fetched(source: str) -> str:
    import httpx

    try:
        response = httpx.get(source, timeout=_CONNECT_S, follow_redirects=False, trust_env=False)
        response.raise_for_status()
    except httpx.HTTPError as error:
        raise OSError(str(error)) from error
    return response.text


def _parsed(text: str) -> object:
    if text.lstrip().startswith("{"):
        return json.loads(text)
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError("neither JSON nor YAML") from error


def _resolved(document: Mapping[str, Any], parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter, also where it is a reference into the document."""
    found: Any = parameter
    for name in str(parameter.get("$ref", "")).removeprefix("#/").split("/"):
        if name:
            found = (document if found is parameter else found).get(name, {})
    return found if isinstance(found, dict) else {}


def _server(document: Mapping[str, Any], source: str) -> str:
    servers = document.get("servers") or [{}]
    url = str(servers[0].get("url", "/")) if isinstance(servers[0], dict) else "/"
    joined = urljoin(source, url) if "://" in source else url
    if "://" not in joined:
        raise ToolFailed("unusable", "the document names no server; set base_url")
    return joined

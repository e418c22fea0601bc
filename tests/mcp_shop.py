"""A small MCP server over stdio, for the tests: two tools of a shop, one that hangs and one that fails."""

import os
import time

from mcp.server.fastmcp import FastMCP

server = FastMCP("shop")


@server.tool()
def order_status(order: str, proof: str) -> dict[str, str]:
    """Where an order is."""
    if (order, proof) != ("20001", "97205"):
        return {"outcome": "not_found"}
    return {"outcome": "found", "order": order, "status": "packed", "due": "2026-11-28"}


@server.tool()
def opening() -> str:
    """When the shop is open."""
    return "From 10 to 6."


@server.tool()
def process() -> str:
    """Which one of its processes answers."""
    return f"It is {os.getpid()}."


@server.tool()
def dying() -> str:
    """Takes the server with it."""
    os._exit(1)


@server.tool()
def hanging() -> str:
    """Never answers in time."""
    time.sleep(30)
    return ""


@server.tool()
def failing() -> str:
    """Always fails."""
    raise RuntimeError("the database is down")


if __name__ == "__main__":
    server.run()

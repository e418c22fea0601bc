"""The widget's protocol on WS /chat as a JSON Schema, made from the messages themselves: web/static/chat.schema.json.

Run as a program it writes the file; a test holds the two together.
"""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from web.chat.messages import MAX_SOUND_BYTES, ClientEvent, ServerEvent

FILE = Path(__file__).parent.parent / "static" / "chat.schema.json"


def schema() -> dict[str, Any]:
    """`#/$defs/FromPage` and `#/$defs/FromDime`, each a closed union told apart by `type`."""
    sides: dict[str, TypeAdapter[Any]] = {"FromPage": TypeAdapter(ClientEvent), "FromDime": TypeAdapter(ServerEvent)}
    known: dict[str, Any] = {}
    for name, adapter in sides.items():
        mode: Literal["validation", "serialization"] = "validation" if name == "FromPage" else "serialization"
        made = adapter.json_schema(mode=mode, ref_template="#/$defs/{model}")
        known |= made.pop("$defs")
        known[name] = made
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "WS /chat",
        "description": (
            "Text frames are one JSON object of these, unknown fields are ignored. Between call_started and call_ended "
            "binary frames are sound, mono 16-bit little-endian at 16 kHz: the microphone's from the page, at most "
            f"{MAX_SOUND_BYTES} bytes a frame, and speech from Dime."
        ),
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in sides],
        "$defs": dict(sorted(known.items())),
    }


def written() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")

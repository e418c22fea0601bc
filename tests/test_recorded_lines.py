"""Exchanges as the protocols' own documents and programs show them, read as they were meant."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.telephones import DOORS
from voice.wire import Key
from voice.wires.dialect import HungUp, LineEvent, Message, Opened, Played, Sound

RECORDED = json.loads((Path(__file__).parent / "recordings" / "lines.json").read_text())


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_exchange_is_read_as_it_was_meant(name: str) -> None:
    dialect = DOORS[name.removesuffix(" that fails")]().dialect()
    for step in RECORDED[name]:
        assert [told(event) for event in dialect.hear(message(step["received"]))] == step["events"]


def message(recorded: dict[str, Any]) -> Message:
    return bytes.fromhex(recorded["hex"]) if "hex" in recorded else str(recorded["text"])


def told(event: LineEvent) -> str:
    match event:
        case Opened():
            return f"Opened {event.id or ''}".strip()
        case Sound():
            return f"Sound {len(event.samples)}" + ("" if event.number is None else f" #{event.number}")
        case Key():
            return f"Key {event.digit}"
        case Played():
            return f"Played {event.mark}"
        case HungUp():
            return "HungUp lost" if event.is_lost else "HungUp"

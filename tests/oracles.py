"""Worked figures of the method, and which function of the books each one is put to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

ORACLES = {
    oracle["id"]: oracle
    for oracle in json.loads(Path(__file__).with_name("oracles.json").read_text(encoding="utf-8"))["oracles"]
}
Given = Any
FUNCTIONS: dict[str, Callable[[Given], dict[str, Any]]] = {}


def covers(*starts: str) -> Callable[[Callable[[Given], dict[str, Any]]], Callable[[Given], dict[str, Any]]]:
    def remember(function: Callable[[Given], dict[str, Any]]) -> Callable[[Given], dict[str, Any]]:
        for id_ in ORACLES:
            if id_.startswith(starts):
                FUNCTIONS[id_] = function
        return function

    return remember

"""The method's worked figures: every one that the books have a function for comes out of that function."""

from decimal import Decimal
from typing import Any

import pytest

from tests import (  # noqa: F401 - each registers its figures
    oracles_of_capacity,
    oracles_of_claims,
    oracles_of_money,
    oracles_of_ratios,
    oracles_of_routing,
    oracles_of_statistics,
)
from tests.oracles import FUNCTIONS, ORACLES


def agree(found: Any, expected: Any, tolerance: float) -> bool:
    """The file's own rule: numbers to the tolerance, decimal strings exactly, the rest to the letter."""
    if isinstance(expected, dict):
        return all(agree(found[key], value, tolerance) for key, value in expected.items())
    if isinstance(expected, list):
        pairs = list(zip(found, expected, strict=True))
        return all(agree(one, other, tolerance) for one, other in pairs)
    if isinstance(expected, str) and isinstance(found, Decimal):
        return found == Decimal(expected)
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return bool(found is expected or found == expected)
    return bool(abs(float(found) - expected) <= tolerance * max(1.0, abs(expected)))


@pytest.mark.parametrize("id_", sorted(ORACLES))
def test_the_worked_figure_comes_out(id_: str) -> None:
    oracle = ORACLES[id_]
    found = FUNCTIONS[id_](oracle["inputs"])
    for name, expected in oracle["expected"].items():
        assert agree(found[name], expected, oracle["tolerance"]), (name, found[name], expected)


def test_every_worked_figure_is_covered() -> None:
    assert ORACLES.keys() == FUNCTIONS.keys()

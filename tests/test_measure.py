"""Whatever measures is there when it is asked for, and is asked for when everything is."""

from importlib import import_module

import pytest

from tests.conftest import ROOT
from tests.measure.__main__ import PARTS

FILES = sorted((ROOT / "tests" / "measure").rglob("*.py"))
CHORES = {"licences", "prior", "overhead", "pictures", "__main__"}
"""`make licences`, what makes a file of the tree anew, and what `peers` starts: no figures of their own."""


@pytest.mark.parametrize("name", [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES])
def test_what_measures_can_be_imported(name: str) -> None:
    import_module(name)


def test_all_that_measures_is_measured() -> None:
    commands = {path.stem for path in FILES if 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")}
    assert commands - CHORES == {part.name for part in PARTS}

"""Rows of two tables meet by their ids, all 128 bits of them; names are numbered in their order."""

from uuid import UUID

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from roi.resolution.columns import Names, Places, keys

halves = st.sampled_from([0, 1, 2**63, 2**64 - 1]) | st.integers(0, 2**64 - 1)
ids = st.builds(lambda high, low: UUID(int=high << 64 | low), halves, halves)


TOP = 2**63


@example([UUID(int=0), UUID(int=TOP), UUID(int=TOP << 64 | TOP)], [UUID(int=1)])  # linear mixing never parts all three
@given(st.lists(ids, unique=True, max_size=30), st.lists(ids, min_size=1, max_size=10))
def test_each_id_is_found_where_it_stands_and_no_other(held: list[UUID], others: list[UUID]) -> None:
    wanted = [*held, *others]
    places = Places(keys([each.hex for each in held])).find([str(each) for each in wanted])
    assert places.tolist() == [held.index(each) if each in held else -1 for each in wanted]


@given(st.lists(st.lists(st.none() | st.text(max_size=3), max_size=6), min_size=1, max_size=4))
def test_names_get_the_numbers_of_their_order_and_none_gets_none(parts: list[list[str | None]]) -> None:
    names = Names()
    ordered, codes = names.ordered(np.concatenate([names.codes(part) for part in parts]))
    given_names = [name for part in parts for name in part]
    assert ordered == sorted({name for name in given_names if name is not None})
    assert [None if code < 0 else ordered[code] for code in codes.tolist()] == given_names

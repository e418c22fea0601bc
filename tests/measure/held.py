"""What is held in memory, by the attribute that holds it."""

from collections import Counter
from typing import Any

import numpy as np
from scipy import sparse


def held_bytes(thing: object) -> Counter[str]:
    """Arrays by the path of attributes that leads to them, and all texts together; each object counts once. Arrays that
    lie on disk count as `on disk`."""
    found: Counter[str] = Counter()
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", thing)]
    while waiting:
        path, one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        match one:
            case np.ndarray():
                found["on disk" if isinstance(_root(one), np.memmap) else path] += one.nbytes
            case str() | bytes():
                found["texts and keys"] += one.__sizeof__()
            case int() | float() | type():
                pass
            case _ if sparse.issparse(one):
                waiting += [(path, getattr(one, name)) for name in ("data", "indices", "indptr")]
            case dict():
                found[path] += one.__sizeof__()
                waiting += [(path, inside) for pair in one.items() for inside in pair]
            case list() | tuple() | set() | frozenset():
                found[path] += one.__sizeof__()
                waiting += [(path, inside) for inside in one]
            case _ if type(one).__module__.partition(".")[0] in ("knowledge", "bm25s"):
                waiting += [(f"{path}.{name}".strip("."), value) for name, value in vars(one).items()]
    return found


def _root(array: np.ndarray[Any, Any]) -> object:
    base: object = array
    while isinstance(base, np.ndarray) and base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    return base

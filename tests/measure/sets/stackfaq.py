"""StackFAQ (Karan and Šnajder 2018): 125 threads of a help forum, their answers, and people's rephrasings as queries.

Thread-collapsed: a thread is one thing to find, whichever of its answers it is found by. All rephrasings are asked.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

from knowledge.entry import Entry
from tests.measure.sets.trial import Asked, Task, Trial, clean

_DROPPED = ("", "*")


def read(data: Path) -> Iterator[Task]:
    threads = ElementTree.parse(data / "stackfaq" / "stackExchange-FAQ.xml").getroot().findall("qapair")
    answered, bare, asked = [], [], []
    for number, thread in enumerate(threads):
        [question] = _texts(thread, "question")
        label = str(number)
        bare.append(Entry(id=label, question=question))
        answered += [
            Entry(id=f"{label} {n}", question=question, answer=answer, intent=label)
            for n, answer in enumerate(_texts(thread, "answer"))
        ]
        asked += [Asked(text, frozenset([label])) for text in _texts(thread, "rephr") if text not in _DROPPED]
    yield Task("StackFAQ, with answers", lambda _: [Trial(answered, asked)])
    yield Task("StackFAQ, questions only", lambda _: [Trial(bare, asked)])


def _texts(thread: ElementTree.Element, name: str) -> list[str]:
    return [clean(element.text or "") for element in thread.findall(name)]

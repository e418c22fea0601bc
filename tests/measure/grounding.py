"""What the guard lets out and withholds: a model that only quotes, and the same quotes with one thing made wrong.

    python -m tests.measure.grounding [--show] [--model QUESTIONS [--threads N]]

Quoted: every sentence of the demo company's answers, as it stands, with its numbers spelled the other way, in another
order, with a courtesy before it. Spoiled: each with one number, unit, denial, condition, product, name, yes or date
made wrong. `--model` asks SmolLM2 and has what it released checked by tests.measure.released, which knows nothing
of the guard.
"""

import argparse
from collections.abc import Iterator
from itertools import islice

from agent.grounding.evidence import Passage, passage
from agent.grounding.guard import Guard
from agent.models.clauses import whole_sentences
from knowledge.answers.guide import parse_guide
from knowledge.answers.notation import on_page
from knowledge.entry import Entry
from knowledge.facts.polarity import verdict
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import read_document
from tests.measure.quoting import QUOTED, Quoted
from tests.measure.released import measure_model, questions_asked
from tests.measure.spoiling import SPOILED
from web.assembly import embeddings
from web.bench.machine import machine
from web.settings import ROOT, Settings

PASSAGES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="every quote withheld and every spoiled one let out")
    parser.add_argument("--model", type=int, default=0, metavar="QUESTIONS")
    parser.add_argument("--threads", type=int, default=2, help="of SmolLM2's server")
    wanted = parser.parse_args()
    settings = Settings()
    entries = [
        entry for lang in ("en", "zh") for entry in read_document(ROOT / "knowledge" / "demo" / f"{lang}.csv").entries
    ]
    retriever = Retriever.open(
        entries, Vectors(embeddings(settings), settings.cache / "vectors"), settings.cache / "learnt"
    )
    print(machine())
    if wanted.model:
        measure_model(retriever, questions=wanted.model, threads=wanted.threads)
        return
    shown = [
        (entry, shown_with(entry, retriever)) for entry in entries if entry.answer and not parse_guide(entry.answer)
    ]
    measure_quotes(shown, show=wanted.show)
    measure_spoiled(shown, show=wanted.show)
    measure_turned(shown, show=wanted.show)


def shown_with(entry: Entry, retriever: Retriever) -> list[Passage]:
    """What a model would be shown for the entry's own question: it and its neighbours."""
    found = [match.entry for match in retriever.search(entry.question, lang=entry.lang, limit=PASSAGES + 1)]
    others = [other for other in found if (other.id, other.lang) != (entry.id, entry.lang) and other.answer]
    return [passage(each.question, on_page(each.answer)) for each in [entry, *others][:PASSAGES]]


def clauses_of(text: str) -> list[str]:
    cut = whole_sentences()
    return [clause for clause in (*cut.feed(text), *cut.flush()) if "![" not in clause]


def measure_quotes(shown: list[tuple[Entry, list[Passage]]], *, show: bool) -> None:
    print("\nA model that only quotes: sentences wrongly withheld")
    for lang in ("en", "zh"):
        total = withheld = 0
        for name, rewrite in QUOTED.items():
            said = lost = 0
            for entry, passages in shown:
                if entry.lang != lang:
                    continue
                guard = Guard(passages, entry.question)
                for clause in _quoted(rewrite, entry):
                    said += 1
                    if claim := guard.unsupported(clause):
                        lost += 1
                        if show:
                            print(f"    {entry.id}: {clause!r} for {claim.kind} {claim.text!r}")
            total, withheld = total + said, withheld + lost
            print(f"  {lang}  {name:<22} {lost:4} of {said:4}  {lost / max(said, 1):6.1%}")
        print(f"  {lang}  {'all':<22} {withheld:4} of {total:4}  {withheld / max(total, 1):6.1%}")


def _quoted(rewrite: Quoted, entry: Entry) -> Iterator[str]:
    for clause in clauses_of(on_page(entry.answer)):
        yield from rewrite(clause.strip(), entry.question, entry.lang)


def measure_spoiled(shown: list[tuple[Entry, list[Passage]]], *, show: bool) -> None:
    print("\nThe same with one thing made wrong: sentences withheld")
    for lang in ("en", "zh"):
        for name, spoil in SPOILED.items():
            said, out = 0, list[str]()
            for entry, passages in shown:
                if entry.lang != lang:
                    continue
                for clause in clauses_of(on_page(entry.answer)):
                    for wrong in islice(spoil(clause.strip(), entry.question, lang), 12):
                        said += 1
                        if Guard(passages, entry.question).unsupported(wrong) is None:
                            out.append(f"{entry.id}: {wrong!r}")
            print(f"  {lang}  {name:<22} {said - len(out):4} of {said:4}  {1 - len(out) / max(said, 1):6.1%}")
            if show:
                for wrong in out:
                    print(f"    {wrong}")


def measure_turned(shown: list[tuple[Entry, list[Passage]]], *, show: bool) -> None:
    """A yes or no of an entry, given to what no entry answers: left off or withheld?"""
    print("\nA yes or no that is another question's: not let out")
    unanswered = [(question, lang) for question, lang, expected in questions_asked() if not expected]
    for lang in ("en", "zh"):
        given, out = 0, list[str]()
        for entry, passages in shown:
            clause = clauses_of(on_page(entry.answer))[0].strip()
            if entry.lang != lang or not verdict(clause)[0]:
                continue
            for question in (question for question, asked_in in unanswered if asked_in == lang):
                given += 1
                guard = Guard(passages[:1], question)
                said = guard.worded(clause)
                if said and verdict(said)[0] and guard.unsupported(said) is None:
                    out.append(f"{question}: {said}")
        print(f"  {lang}  {given - len(out):4} of {given:4}  {1 - len(out) / max(given, 1):6.1%}")
        if show:
            print(*(f"    {each}" for each in out), sep="\n")


if __name__ == "__main__":
    main()

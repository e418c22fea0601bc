"""Lets a clause of a model's answer out only when one passage carries everything it claims, about the same thing.

A statement of the clause is carried by one statement of the passage: its words, figures with their units, denials and
conditions all stand there. Small models invent facts freely; a withheld true clause costs less than an invented one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.grounding.evidence import Passage, Statement
from agent.grounding.figured import mingled, misplaced, unfounded
from agent.grounding.omitted import cut_short, omitted, shortened
from agent.grounding.orders import is_order, repeats_rules
from agent.grounding.rules import Rule
from agent.grounding.verdicts import holds
from knowledge.facts.claim import Claim
from knowledge.facts.names import addresses, names
from knowledge.facts.polarity import asks_yes_or_no, is_courtesy, verdict
from knowledge.facts.statements import plain, sentences, statements, without_greeting
from knowledge.facts.words import content, is_among, stems

HALF = 3
"""So many words make half a sentence that can stand for itself."""

_MARK = re.compile(r"^\s*\[\d\]\s*|(?<=[\w.。!！])\s*\[\d\](?=[\s.。]|$)")


@dataclass
class Guard:
    """For one answer: it remembers which passage the clause before came from, so that "it" is the same thing."""

    passages: Sequence[Passage]
    question: str = ""
    rules: Sequence[Rule] = ()
    """What the company never wants said."""
    cited: int | None = None
    """The passage that carried the last clause."""
    broken: str | None = None
    """The company's rule that the withheld clause breaks."""

    def worded(self, clause: str) -> str:
        """The clause without a passage's number, and without a yes or no that no passage gives to this question, where
        what follows stands by itself; nothing where it only numbers a list or asks back."""
        clause = _MARK.sub("", clause)
        if not _bare(plain(clause)) or clause.rstrip(' \n"”’*').endswith(("?", "？")):
            return ""
        said, rest = verdict(clause)
        if not said or len(content(rest)) < HALF:
            return clause
        wrong = replace(self).unsupported(clause)
        is_told_without = wrong and wrong.kind == "verdict" and not replace(self).unsupported(rest)
        before = clause[: len(clause) - len(clause.lstrip())]
        return f"{before}{rest[0].upper()}{rest[1:]}" if is_told_without else clause

    def unsupported(self, clause: str) -> Claim | None:
        """The first claim that no passage carries, or None when the clause may be released."""
        clause = plain(clause).strip()
        self.broken = None
        if repeats_rules(clause):
            return Claim("prompt", clause, text=clause)
        if is_order(clause):
            return Claim("instruction", clause, text=clause)
        for rule in self.rules:
            if broken := rule.broken_by(clause):
                self.broken = rule.text
                return broken
        first = self.cited or 0
        nearest: Claim | None = None
        unasked: Claim | None = None
        for at in sorted(range(len(self.passages)), key=lambda at: (at != first, at)):
            missing = next(self._missing(clause, self.passages[at]), None)
            if missing is None and (at == first or self._names_topic(clause, at, first)):
                self.cited = at
                return None
            if missing is None:
                unasked = Claim("topic", self.passages[at].question, text=clause)
            nearest = nearest or missing
        return unasked or nearest or Claim("word", clause, text=clause)

    def _names_topic(self, clause: str, at: int, first: int) -> bool:
        """Whoever changes the subject names it, and it was asked about: by a word of that passage's question alone."""
        own = self.passages[at].topic.stems - stems(self.passages[first].text)
        said = [word.stem for word in content(clause) if is_among(word.stem, own)]
        asked = stems(plain(self.question))
        return any(is_among(word, asked) for word in said) if asked else bool(said)

    def _missing(self, clause: str, passage: Passage) -> Iterator[Claim]:
        for sentence in sentences(without_greeting(clause)):
            said, rest = verdict(sentence)
            is_yes = said and (asks_yes_or_no(self.question) or not is_courtesy(sentence))
            if said and is_yes and not holds(said, rest, question=self.question, passage=passage):
                begun = sentence[: len(sentence) - len(rest)].strip(" ,，.。") or sentence
                yield Claim("verdict", said, text=begun)
            for cut in statements(rest) if rest else []:
                yield from _uncarried(Statement(cut), passage)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _uncarried(said: Statement, passage: Passage) -> Iterator[Claim]:
    """Nothing where the statement of the passage that is most like it carries it, or both its halves are carried."""
    alike = [(said.likeness(known), known) for known in passage.statements]
    most = max((likeness for likeness, _ in alike), default=0.0)
    missing = [list(_lacking(said, known, passage)) for likeness, known in alike if likeness == most]
    if missing and not all(missing):
        return
    if any(not list(_halves_missing(one, other, passage)) for one, other in _halves(said)):
        return
    yield from min(missing, key=len, default=[Claim("word", said.text, text=said.text)])


def _halves(said: Statement) -> Iterator[tuple[Statement, Statement]]:
    cut = [part.text for part in said.parts]
    for at in range(1, len(cut)):
        one, other = Statement(", ".join(cut[:at])), Statement(", ".join(cut[at:]))
        if min(len(content(half.text)) + len(half.figures) for half in (one, other)) >= HALF:
            yield one, other


def _halves_missing(one: Statement, other: Statement, passage: Passage) -> Iterator[Claim]:
    yield from _uncarried(one, passage)
    yield from _uncarried(other, passage)


def _lacking(said: Statement, known: Statement, passage: Passage) -> Iterator[Claim]:
    """What the passage's statement does not carry, the gravest first."""
    yield from (claim for claim in addresses(said.text) if claim.text.lower().rstrip(".") not in known.text.lower())
    yield from unfounded(said, known)
    yield from omitted(said, known)
    yield from _strange_words(said, known, passage)
    yield from misplaced(said, known)
    yield from mingled(said, known)
    if wrong := _turned(said, known):
        yield wrong


def _strange_words(said: Statement, known: Statement, passage: Passage) -> Iterator[Claim]:
    """Words of its own; the entry's question may lend what it is about, if no other statement says it of something."""
    others = frozenset[str]().union(*(other.stems for other in passage.statements if other is not known))
    has_pronoun = any(f" {word} " in f" {known.text.lower()} " for word in ("it", "they", "them", "this", "that"))
    is_chinese = any(word >= "\u3400" for word in known.stems)
    lent = passage.topic.stems if has_pronoun or is_chinese else passage.topic.stems - (others - known.stems)
    for word in content(said.text):
        if not is_among(word.stem, known.stems) and not is_among(word.stem, lent):
            yield Claim("name" if word.is_named else "word", word.text.lower(), text=word.text)
    for whole in shortened(said, known):
        yield Claim("word", whole, text=whole)
    for cut in cut_short(said, passage):
        yield Claim("name", cut, text=cut)
    for name in names(said.text):
        whole = " ".join(name.text.lower().split())
        if " " in whole and whole not in known.text.lower() and whole not in passage.question.lower():
            yield Claim("name", whole, text=name.text)
    if said.pairs:
        for pair in sorted(said.pairs - known.pairs - passage.topic.pairs, key=said.text.find):
            yield Claim("word", pair, text=pair)


def _turned(said: Statement, known: Statement) -> Claim | None:
    """Denied where the passage affirms, or the other way round: by the part of it that says most of the same."""
    for part in said.parts or [said]:
        near = _nearest_run(part, known)
        if near is not None and part.denials != near:
            return Claim("negation", part.text, text=part.text)
    return None


def _nearest_run(part: Statement, known: Statement) -> int | None:
    """The denials of the neighbouring parts of the passage's statement that are most like this part."""
    best: tuple[float, int, int] | None = None
    for start in range(len(known.parts)):
        for end in range(start + 1, len(known.parts) + 1):
            run = Statement(", ".join(each.text for each in known.parts[start:end]))
            if likeness := part.likeness(run):
                near = (likeness, -abs(run.denials - part.denials), run.denials)
                best = max(best, near) if best else near
    return best[2] if best else None

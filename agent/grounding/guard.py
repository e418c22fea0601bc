"""Lets a clause of a model's answer out only when one passage carries everything it claims, about the same thing.

A statement of the clause is carried by one statement of the passage: its words, figures with their units, denials and
conditions all stand there. Small models invent facts freely; a withheld true clause costs less than an invented one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.grounding.evidence import Passage, Statement
from agent.grounding.figured import admits, carries, mingled, misplaced, unfounded
from agent.grounding.orders import is_order, repeats_rules
from agent.grounding.rules import Rule
from knowledge.facts.claim import Claim
from knowledge.facts.conditions import Condition
from knowledge.facts.names import addresses, names
from knowledge.facts.polarity import asks_yes_or_no, denies, is_courtesy, verdict
from knowledge.facts.statements import parts, plain, sentences, statements, without_greeting
from knowledge.facts.words import content, is_among, stems

CONDITION_SHARE = 0.5
"""Of a condition's words, so many must be said when what hangs on it is said."""
HALF = 3
"""So many words make half a sentence that can stand for itself."""
LIMITS = ("duration", "date", "count")
"""Kinds of figures that bound what is granted: a clause may not grant it without any."""


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
        """The clause without a passage's number; nothing where it only numbers a list or asks back."""
        clause = _MARK.sub("", clause)
        return "" if not _bare(plain(clause)) or clause.rstrip(' \n"”’*').endswith(("?", "？")) else clause

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
        for at in sorted(range(len(self.passages)), key=lambda at: (at != first, at)):
            missing = next(self._missing(clause, self.passages[at]), None)
            if missing is None and (at == first or self._names_topic(clause, at, first)):
                self.cited = at
                return None
            nearest = nearest or missing
        return nearest or Claim("word", clause, text=clause)

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
            if said and is_yes and (wrong := self._wrong_verdict(said, sentence, rest, passage)):
                yield wrong
            for cut in statements(rest) if rest else []:
                yield from _uncarried(Statement(cut), passage)

    def _wrong_verdict(self, said: str, clause: str, rest: str, passage: Passage) -> Claim | None:
        """A yes or no holds when the passage begins with it, or when the sentence after it says so by itself; in both
        cases only for a question whose figures and denials are the passage's."""
        claim = Claim("verdict", said, text=clause[: len(clause) - len(rest)].strip(" ,，.。") or clause)
        asked = Statement(plain(self.question))
        if passage.verdict:
            is_turned = bool(self.question) and asked.denials % 2 != passage.topic.denials % 2
            known = [*passage.topic.figures, *(f for statement in passage.statements for f in statement.figures)]
            is_asked = all(_is_asked(f, known) for f in asked.figures)
            return None if said == passage.verdict and not is_turned and is_asked else claim
        own = Statement(rest)
        if not rest or not self.question or asked.denials:
            return claim
        shared = [word for word in asked.stems if is_among(word, own.stems)]
        speaks_of_it = 2 * len(shared) >= len(asked.stems) and all(_is_asked(f, own.figures) for f in asked.figures)
        first = next((part for cut in statements(rest) for part in parts(cut)), rest)
        return None if speaks_of_it and (said == "no") == denies(first) else claim


def _bare(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _is_asked(figure: Claim, known: Sequence[Claim]) -> bool:
    """Whether a figure of the customer's is one of the passage's; a Saturday is of the weekend."""
    if figure.value == "weekend":
        return any(claim.kind == "weekday" and claim.value in ("weekend", 6, 7) for claim in known)
    return figure.is_loose or any(carries(claim, figure) or admits(claim, figure) for claim in known)


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
    yield from _loosened(said, known)
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
    for whole in _stripped(said, known):
        yield Claim("word", whole, text=whole)
    for name in names(said.text):
        whole = " ".join(name.text.lower().split())
        if " " in whole and whole not in known.text.lower() and whole not in passage.question.lower():
            yield Claim("name", whole, text=name.text)
    if said.pairs:
        for pair in sorted(said.pairs - known.pairs - passage.topic.pairs, key=said.text.find):
            yield Claim("word", pair, text=pair)


def _stripped(said: Statement, known: Statement) -> Iterator[str]:
    """Words that the passage never has without the one before, said without it: a gift card is not a card."""
    before: dict[str, list[str | None]] = {}
    words = content(known.text)
    for at, word in enumerate(words):
        last = words[at - 1] if at else None
        is_joined = last is not None and known.text[last.start + len(last.text) : word.start] == " "
        before.setdefault(word.stem, []).append(last.stem if last and is_joined else None)
    for word in content(said.text):
        needed = before.get(word.stem, [None])
        if None not in needed and not any(is_among(stem, said.stems) for stem in needed if stem):
            yield f"{needed[0]} {word.text}"


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


def _loosened(said: Statement, known: Statement) -> Iterator[Claim]:
    """A condition the passage makes and the clause leaves out, or makes of its own."""
    for condition in known.conditions:
        if not _is_kept(condition, said):
            yield Claim("condition", condition.text, text=condition.text)
    limits = [
        claim for claim in known.figures if claim.kind in LIMITS and (claim.bound == "most" or claim.low is not None)
    ]
    if limits and not said.figures:
        yield Claim("condition", limits[0].text, text=limits[0].text)
    sorts = {condition.sort for condition in known.conditions}
    for condition in said.conditions:
        if condition.sort not in sorts:
            yield Claim("condition", condition.text, text=condition.text)


def _is_kept(condition: Condition, said: Statement) -> bool:
    if not any(own.sort == condition.sort for own in said.conditions):
        return False
    words = stems(condition.text)
    return sum(is_among(word, said.stems) for word in words) >= CONDITION_SHARE * len(words)

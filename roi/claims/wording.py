"""Says a finding in the reader's language: what is claimed, what follows with its sum, and what does not follow."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from roi.claims.checking import Checked
from roi.claims.claim import Assumption, Claim, Per
from roi.claims.figures import KINDS, spelled
from roi.claims.finding import Finding
from roi.figures import ratio as three_figures

LARGE = {"en": ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")), "zh": ((1e12, " 万亿"), (1e8, " 亿"))}


@dataclass(frozen=True)
class Shown:
    """A number inside a sentence: `{x}` plain, `{x:p}` per cent, `{x:m}` money, `{x:r}` a ratio of three figures,
    `{x:q}` so many people, hours or minutes."""

    value: float
    lang: str
    currency: str

    def __format__(self, spec: str) -> str:
        if not isfinite(self.value):
            return "∞"
        if spec == "p":
            return f"{rounded(100 * self.value, places=2)} %"
        if spec == "r":
            return three_figures(self.value)
        if spec == "q":
            return rounded(self.value, places=0 if abs(self.value) >= 100 else 2)
        return f"{self.plain} {self.currency}" if spec == "m" else self.plain

    @property
    def plain(self) -> str:
        for size, name in LARGE.get(self.lang, LARGE["en"]):
            if abs(self.value) >= size:
                return f"{rounded(self.value / size, places=2)}{name}"
        return rounded(self.value, places=0 if abs(self.value) >= 1000 else 2 if abs(self.value) >= 10 else 4)


def rounded(value: float, *, places: int) -> str:
    text = f"{value:,.{places}f}".replace("-", "−")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Told:
    verdict: str
    claimed: str
    follows: str
    sum: str
    not_follows: str


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def told(finding: Finding, claim: Claim, lang: str = "en") -> Told:
    """KeyError for a finding that has no words: a test holds them together."""
    values = {name: Shown(value, lang, claim.currency) for name, value in finding.values.items()}
    section = words()[finding.check]
    verdict = say("verdict", finding.verdict, lang)
    if finding.verdict == "cannot_tell":
        names = "; ".join(" / ".join(label(key, lang) for key in either.split("|")) for either in finding.missing)
        asked = section["asks"].get(lang, section["asks"]["en"])
        return Told(verdict, asked, "", "", say("page", "missing", lang, names=names))

    def spoken(part: str) -> str:
        chosen = section.get(f"{part}_{finding.variant}", section.get(part, {}))
        return chosen.get(lang, chosen.get("en", "")).format_map(values)

    return Told(verdict, spoken("claimed"), spoken("follows"), spoken("sum"), spoken("not"))


def say(section: str, key: str, lang: str = "en", **figures: object) -> str:
    spoken = words()[section][key]
    return spoken.get(lang, spoken["en"]).format(**figures)


def label(key: str, lang: str, *, per: Per | None = None) -> str:
    """A figure as a reader calls it, with the key that states it."""
    spoken = words()["label"][key]
    return f"{spoken.get(lang, spoken['en'])} ({f'{key}_{per}' if per else spelled(key, KINDS[key])[-1]})"


def assumption(one: Assumption, lang: str) -> str:
    shown = ", ".join(rounded(value, places=4 if abs(value) < 100 else 2) for value in one.given.values)
    per = f" / {say('per', one.given.per, lang)}" if one.given.per else ""
    when = f", {one.date}" if one.date else ""
    return f"{label(one.key, lang, per=one.given.per)}: {shown}{per}; {one.source}{when}, {one.grade}"


def title(claim: Claim, lang: str) -> str:
    return in_language(claim.title, lang)


def in_language(spoken: Mapping[str, str], lang: str) -> str:
    return spoken.get(lang, spoken["en"])


def page(checked: Checked, lang: str = "en") -> str:
    """For a reader at a terminal."""
    claim = checked.claim
    lines = [title(claim, lang), *(f"  {source.name}, {source.date}" for source in claim.sources), ""]
    if not checked.findings:
        lines += [say("page", "nothing", lang), ""]
    for finding in checked.findings:
        one = told(finding, claim, lang)
        lines.append(f"{one.verdict.upper()}  {one.claimed}")
        lines += [f"    {part}" for part in (one.follows, one.sum) if part]
        if one.not_follows:
            lead = "" if finding.missing else f"{say('page', 'not', lang)} "
            lines.append(f"    {lead}{one.not_follows}")
        if finding.assumed:
            names = ", ".join(key for key in finding.assumed)
            lines.append(f"    {say('page', 'rests_on', lang)} {names}")
        lines.append("")
    if claim.remarks:
        lines += [*(f"* {in_language(remark, lang)}" for remark in claim.remarks), ""]
    if checked.assumed:
        lines += [say("page", "assumed", lang), *(f"  {assumption(one, lang)}" for one in checked.assumed)]
    return "\n".join(lines).rstrip()


def as_json(checked: Checked, lang: str = "en") -> dict[str, Any]:
    claim = checked.claim
    return {
        "name": claim.name,
        "title": title(claim, lang),
        "currency": claim.currency,
        "sources": [vars(source) for source in claim.sources],
        "holds_together": checked.holds_together,
        "findings": [finding_json(finding, claim, lang) for finding in checked.findings],
        "assumptions": [
            {
                "key": one.key,
                "values": list(one.given.values),
                "per": one.given.per,
                "source": one.source,
                "date": one.date or None,
                "grade": one.grade,
            }
            for one in checked.assumed
        ],
        "remarks": [in_language(remark, lang) for remark in claim.remarks],
    }


def finding_json(finding: Finding, claim: Claim, lang: str) -> dict[str, Any]:
    one = told(finding, claim, lang)
    return {
        "check": finding.check,
        "verdict": finding.verdict,
        "claimed": one.claimed,
        "follows": one.follows or None,
        "sum": one.sum or None,
        "does_not_follow": one.not_follows or None,
        "values": {name: value if isfinite(value) else None for name, value in finding.values.items()},
        "assumed": list(finding.assumed),
        "missing": list(finding.missing),
    }

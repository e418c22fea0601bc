"""The charts' colours: told apart by the colour-blind (after Okabe and Ito), by their greys, and in the dark."""

import re

LIGHT = {
    "paper": "#ffffff", "ink": "#1b1f27", "soft": "#5b6472", "rule": "#dfe3e9", "card": "#f6f7f9",
    "total": "#334155", "ai": "#0072b2", "people": "#d55e00", "saving": "#007a5a", "lost": "#e69f00",
    "bad": "#b3261e", "good": "#00704f", "open": "#8a5a00", "ribbon": "#fde68a", "ribbon-ink": "#5c3600",
}  # fmt: skip
DARK = {
    "paper": "#12151b", "ink": "#e8eaee", "soft": "#9aa4b2", "rule": "#2c323c", "card": "#1a1f27",
    "total": "#a8b3c4", "ai": "#56b4e9", "people": "#f08c4a", "saving": "#2fbf96", "lost": "#f0c04a",
    "bad": "#ff8a80", "good": "#4fd1a5", "open": "#fbbf24", "ribbon": "#4a3410", "ribbon-ink": "#fde68a",
}  # fmt: skip
RULES = """
.total{fill:var(--total)}.ai{fill:var(--ai)}.people{fill:var(--people)}.saving{fill:var(--saving)}
.lost{fill:var(--lost)}.band{opacity:.38}.less{fill:var(--lost)}.more{fill:var(--ai)}
.grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1.2}
.link{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 2}.stem{stroke:var(--soft);stroke-width:1.2}
.claim{stroke:var(--ink);stroke-width:1.6;stroke-dasharray:6 4}.whisker{stroke:var(--total);stroke-width:2.4}
.confirmed{fill:var(--good)}.refuted{fill:var(--bad)}.here{fill:var(--people)}
.inconclusive,.open{fill:var(--paper);stroke:var(--total);stroke-width:2.4}.unknown{fill:var(--soft)}
.curve{fill:none;stroke:var(--total);stroke-width:2}.span{fill:none;stroke:var(--people);stroke-width:6;opacity:.75}
.booked{fill:none;stroke:var(--ai);stroke-width:2.2}.dot{fill:var(--ai)}
.repriced{fill:none;stroke:var(--people);stroke-width:2;stroke-dasharray:5 4}
.mark{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 3}.flag{fill:var(--paper);stroke:var(--ink);stroke-width:1.2}
"""


def on_paper() -> str:
    """The rules with their colours put in: paper knows no variables."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda name: LIGHT[name[1]], RULES)


def variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())

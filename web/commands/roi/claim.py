"""dime roi claim: a published claim put to the sum."""

from typing import Annotated, Literal

import typer

from web.commands.console import JSON_FLAG, show


def claim(
    claims: Annotated[list[str] | None, typer.Argument(help="TOML files, or names of worked examples.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show the worked examples.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
    lang: Annotated[Literal["en", "zh"], typer.Option()] = "en",
) -> None:
    """Which figures of a published claim can be true together, what follows from them and what does not."""
    from roi.claims import wording
    from roi.claims.checking import check
    from roi.claims.reading import named, published, read_claim

    if listed:
        known = [read_claim(path) for path in published().values()]
        rows = [
            {"name": one.name, "title": wording.title(one, lang), "date": ", ".join(s.date for s in one.sources)}
            for one in known
        ]
        text = "\n".join(f"{row['name']:<20} {row['date']:<18} {row['title']}" for row in rows)
        show({"claims": rows}, as_json=as_json, text=lambda: text)
        return
    if not claims:
        raise ValueError("name a claim: a TOML file, or one of `dime roi claim --list`")
    found = [check(read_claim(path)) for name in claims for path in named(name)]
    show(
        {"claims": [wording.as_json(one, lang) for one in found]},
        as_json=as_json,
        text=lambda: "\n\n\n".join(wording.page(one, lang) for one in found),
    )

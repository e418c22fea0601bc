"""dime evaluate: how well an FAQ answers a file of questions."""

from pathlib import Path
from typing import Annotated

import typer

from web.commands.console import JSON_FLAG, show, tell
from web.commands.opening import open_settings


def evaluate(
    faq: Annotated[Path, typer.Option(help="The FAQ, as for `dime knowledge add`.")],
    queries: Annotated[Path, typer.Option(help="query,expected; expected is empty for what the FAQ does not answer.")],
    validation: Annotated[Path | None, typer.Option(help="Questions to choose the threshold on.")] = None,
    scores: Annotated[Path | None, typer.Option(help="Write query,expected,predicted,confidence,action here.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Accuracy, ranking and abstention of an FAQ on your own questions; the threshold is never chosen on them."""
    from knowledge.evaluating.evaluation import evaluate as run
    from web.assembly import embeddings

    settings = open_settings(log_level="WARNING")
    evaluation = run(
        faq, queries, validation=validation, embeddings=embeddings(settings), cache=settings.cache / "vectors"
    )
    for problem in evaluation.problems:
        tell(f"{faq.name}: {problem}")
    if scores:
        evaluation.write_scores(scores)
    figures = evaluation.to_json()
    show(figures, as_json=as_json, text=lambda: "\n".join(f"{name:<24} {value}" for name, value in figures.items()))

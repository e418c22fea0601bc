"""The command `dime`: each command stands in web/commands; here they are named, and failures become one sentence."""

import os
import sys

import typer
from pydantic import ValidationError

from web.commands import announcements, curation, history, knowledge, recordings, rules
from web.commands.ask import ask
from web.commands.bench import bench
from web.commands.call import call
from web.commands.demo import demo
from web.commands.doctor import doctor
from web.commands.evaluate import evaluate
from web.commands.roi.app import app as roi
from web.commands.say import say
from web.commands.serve import serve
from web.commands.trouble import trouble
from web.commands.weights import weights

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customer service from your own FAQ, by chat and phone, that keeps its own books.",
)
for command in (serve, ask, call, say, evaluate, demo, trouble, doctor, bench, weights):
    app.command()(command)
for curating in curation.COMMANDS:
    knowledge.app.command()(curating)
knowledge.app.add_typer(rules.app, name="rules")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(announcements.app, name="announcements")
app.add_typer(recordings.app, name="recordings")
app.add_typer(history.app, name="history")
app.add_typer(roi, name="roi")


def main() -> None:
    """Runs the command line; what a user can mend is told in one sentence, without a traceback."""
    # Two threads for each product of matrices wait for each other, on cores that calls need: learning took thrice as
    # long with them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        _fail(f"setting DIME_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}")
    except (ValueError, OSError, RuntimeError) as error:
        _fail(str(error) or type(error).__name__)


def _fail(sentence: str) -> None:
    typer.echo(f"dime: {sentence}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()

"""The gates: nothing is confirmed before few enough answers are known to be wrong and customers no less content."""

from collections.abc import Iterator

from roi.page.beyond import Beyond
from roi.page.parts import Section, table
from roi.page.told import Told
from roi.quality.gates import Gate
from roi.report import Report
from roi.words import say


def section(of: Report, told: Told, beyond: Beyond) -> Section:
    rows = [row(gate, told) for gate in of.findings.gates]
    heads = [told(head) for head in ("gate", "verdict", "value", "bounds", "limit", "sample")]
    found = table(heads, rows, kinds="ttnnnn")
    return Section(
        "gates", told("gates"), says=(told("gates_says"),), tables=(found,), notes=tuple(notes(told, beyond))
    )


def row(gate: Gate, told: Told) -> tuple[str, ...]:
    is_share = gate.name == "wrong_answers"

    def written(value: float | None) -> str:
        if value is None:
            return "–"
        return told.written.share(value) if is_share else told.written.number(value, places=2)

    has_bounds = gate.lower is not None and gate.upper is not None
    bounds = told("from_to", lower=written(gate.lower), upper=written(gate.upper)) if has_bounds else "–"
    return (
        told(f"gate_{gate.name}"),
        say("gate", f"{gate.name}_{gate.state}", told.lang),
        written(gate.value),
        bounds,
        written(gate.limit if is_share else -gate.limit),
        told.written.number(gate.n),
    )


def notes(told: Told, beyond: Beyond) -> Iterator[str]:
    number, share = told.written.number, told.written.share
    if audited := beyond.audited:
        yield told(
            "audited", graded=number(audited.graded), wrong=number(audited.wrong), harmful=number(audited.harmful)
        )
        yield told("audited_silent", graded=number(audited.silent_graded), resolved=number(audited.silent_resolved))
        kappa = told("unknown") if audited.kappa is None else number(audited.kappa, places=2)
        yield told("agreement", pairs=number(audited.pairs), agreed=number(audited.agreed), kappa=kappa)
    else:
        yield told("not_audited")
    if rated := beyond.satisfaction:
        for who, n, asked, mean in (
            ("rated_ai", rated.ai_n, rated.ai_asked, rated.ai_mean),
            ("rated_people", rated.human_n, rated.human_asked, rated.human_mean),
        ):
            found = told("unknown") if mean is None else number(mean, places=2)
            yield told(who, n=number(n), asked=number(asked), rate=share(n, asked), mean=found)

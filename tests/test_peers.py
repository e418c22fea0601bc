"""What the peers' scripts print is read as they print it; what is missing is said."""

import sys
from pathlib import Path

import pytest

from tests.measure.overhead import stretches
from tests.measure.peers import Missing, Run, commands, read, table, versions

LIVEKIT = """livekit-agents 1.8.9 sessions=1 preemptive=False turns_ok=29 missed=1 wall=12.9s cpu=0.4s cpu_per_session=3.20% of a core maxrss=130MB
  total      median=  31.94 ms  p95=  39.79 ms  max=  39.79
  after_vad  median=  11.68 ms  p95=  19.24 ms  max=  19.24
  tts_out    median=   2.12 ms  p95=   5.16 ms  max=   5.16
"""  # noqa: E501
PIPECAT = """pipecat 1.14.0 sessions=1 metrics=False turns_ok=5 missed=0 wall=11.4s cpu=2.6s cpu_per_session=22.81% of a core maxrss=97MB
  vad        median=    nan ms  p95=    nan ms  max=    nan
  after_vad  median=  -0.59 ms  p95=  63.05 ms  max=  63.05
"""  # noqa: E501


def test_what_the_scripts_print_is_read() -> None:
    assert read(LIVEKIT) == Run(29, 1, 11.68, 19.24, 3.2)
    assert read(PIPECAT) == Run(5, 0, -0.59, 63.05, 22.81)


@pytest.mark.parametrize("printed", ["", "Traceback", LIVEKIT.splitlines()[0], "\n".join(LIVEKIT.splitlines()[1:])])
def test_a_script_that_tells_no_figures_is_not_taken_for_a_quick_one(printed: str) -> None:
    with pytest.raises(ValueError, match="no figures"):
        read(printed)


def test_a_loop_without_a_call_has_no_time_of_its_own() -> None:
    alone = read("dime door=nobody sessions=1 turns_ok=0 missed=0 wall=9.0s cpu=0.1s cpu_per_session=1.15% of a core")
    assert alone == Run(0, 0, None, None, 1.15)
    assert table({"a loop": [alone]})[1].split()[:4] == ["a", "loop", "-", "-"]


def test_a_table_tells_the_middle_run_and_the_spread() -> None:
    runs = {"dime": [Run(29, 0, 3.0, 4.0, 0.5), Run(29, 1, 1.0, 9.0, 0.7), Run(28, 0, 2.0, 5.0, 0.61)]}
    told = " ".join(table(runs)[1].split())
    assert told == "dime 2.0 ms (1.0 to 3.0) 5.0 ms (4.0 to 9.0) 0.61 % (0.50 to 0.70) 86 1"


def test_the_first_sound_counts_without_the_engines_delays() -> None:
    taken = stretches({"vad": 10.0, "stt": 10.101, "llm_in": 10.102, "tts_in": 10.203, "out": 10.305})
    assert taken is not None
    assert taken["after_vad"] == pytest.approx(5.0)
    assert taken["vad_stt"] + taken["stt_llm"] + taken["llm_tts"] + taken["tts_out"] == pytest.approx(5.0)
    assert stretches({"vad": 10.0, "stt": 10.1}) is None


def test_what_is_missing_is_said_with_what_mends_it(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"pipecat_overhead\.py is missing: name the folder"):
        versions(tmp_path, Path(sys.executable))
    for name in ("pipecat", "livekit"):
        (tmp_path / f"{name}_overhead.py").touch()
    with pytest.raises(Missing, match="no-python is missing: python3 -m venv peers-env"):
        versions(tmp_path, tmp_path / "no-python")
    with pytest.raises(Missing, match=r"pipecat-ai missing, livekit-agents missing.*pip install pipecat-ai"):
        versions(tmp_path, Path(sys.executable))


def test_all_are_given_as_many_turns(tmp_path: Path) -> None:
    for command in commands(tmp_path, Path("python"), turns=17).values():
        assert "17" in command

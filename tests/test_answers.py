"""The notation of answers: read, written, and told when it is broken."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answers.broken import BrokenNotation
from knowledge.answers.conditions import Conditional, Missing, Part, Value, choose, parse_conditional, write_conditional
from knowledge.answers.guide import Branch, Guide, Step, parse_guide, write_guide
from knowledge.answers.notation import on_page, read
from knowledge.answers.sides import for_ear, for_eye
from knowledge.reading.documents import parse_document, read_document
from knowledge.reading.faq import write_faq
from web.markup import answer_html

GUIDE = """Let us see.
1. Is the green light on?
   - yes -> 3
   - no → 2
2. Hold the button for five seconds. Did it start?
   - yes -> done
   - no -> colleague
3. Pull the plug."""
BY_COUNTRY = """Two weeks.
[country?] Which country do you live in?
[country: Germany = DE, Austria] Three days.
[country: Spain] Five days."""
DEMO = Path(__file__).parent.parent / "knowledge" / "demo"

words = st.text(alphabet="abcdefg 灯亮吗?.,", min_size=1, max_size=30).map(str.strip).filter(bool)
names = st.text(alphabet="abcdefghij德国奥地", min_size=1, max_size=12)


@st.composite
def guides(draw: st.DrawFn) -> Guide:
    """Steps 1 to n, each leading on to the next in some way, so that all are reached and the last leads out."""
    count = draw(st.integers(1, 6))
    labels = draw(st.lists(words, min_size=1, max_size=3, unique_by=str.casefold))
    steps = []
    for number in range(1, count + 1):
        on = number + 1 if number < count else draw(st.sampled_from(["done", "colleague"]))
        others = [draw(st.sampled_from([*range(1, count + 1), "done", "colleague"])) for _ in labels[1:]]
        branches = [Branch(label, target) for label, target in zip(labels, [on, *others], strict=True)]
        has_branches = number == count or draw(st.booleans())
        steps.append(Step(number, draw(words), tuple(branches) if has_branches else ()))
    return Guide(tuple(steps), draw(st.one_of(st.just(""), words)))


@st.composite
def conditionals(draw: st.DrawFn) -> Conditional:
    called = draw(st.lists(names, min_size=2, max_size=8, unique_by=str.casefold))
    values = [Value(called[0]), *(Value(name) for name in called[2:])]
    values[0] = Value(called[0], (called[1],))
    cut = draw(st.integers(0, len(values) - 1))
    groups = [group for group in (values[:cut], values[cut:]) if group]
    parts = tuple(Part("country", tuple(group), draw(words)) for group in groups)
    questions = draw(st.sampled_from([(), (("country", "Where do you live?"),)]))
    return Conditional(parts, draw(st.one_of(st.just(""), words)), questions)


@given(guides())
def test_guide_written_is_read_back(guide: Guide) -> None:
    assert parse_guide(write_guide(guide)) == guide


@given(conditionals())
def test_conditions_written_are_read_back(conditional: Conditional) -> None:
    assert parse_conditional(write_conditional(conditional)) == conditional


@given(st.text())
def test_any_text_is_read_and_shown(text: str) -> None:
    read(text)
    on_page(text)
    for_ear(text)
    assert for_eye(text) or not for_ear(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"], include_characters=".,!?$%'-()"), max_size=80))
def test_prose_sounds_as_it_is_written(text: str) -> None:
    prose = " ".join(text.split()).lstrip("-0123456789. ").strip()
    assert for_ear(prose) == prose
    assert read(prose) == prose


def test_numbered_list_with_arrows_is_a_guide() -> None:
    assert parse_guide(GUIDE) == Guide(
        (
            Step(1, "Is the green light on?", (Branch("yes", 3), Branch("no", 2))),
            Step(
                2,
                "Hold the button for five seconds. Did it start?",
                (Branch("yes", "done"), Branch("no", "colleague")),
            ),
            Step(3, "Pull the plug."),
        ),
        intro="Let us see.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "1. Open the app.\n   - Settings -> Privacy\n2. Press the button.",
        "1. Open it.\n2. Close it.",
        "Go to Settings -> Privacy.",
        "- yes -> done",
        "3.5 mm screws fit.",
    ],
)
def test_list_whose_arrows_lead_to_no_step_is_plain(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1. On?\n - yes -> 9\n - no -> done", 2, "step 9, which does not exist"),
        ("1. On?\n - yes -> done\n - no -> shelf", 3, "“shelf”, which is no step"),
        ("1. On?\n - yes -> 2\n2. Off?\n - no -> 1", 1, "no way leads to done"),
        ("1. On?\n - yes -> done\n2. Off?\n - no -> done", 3, "no branch leads to step 2"),
        ("1. On?\n - yes -> 2\n1. Off?\n - no -> done\n2. So?\n - no -> done", 3, "two steps 1"),
        ("1. On?\n - yes -> done\n - Yes -> colleague", 3, "“Yes” twice"),
        ("1.\n - yes -> done", 1, "has no words"),
    ],
)
def test_guide_in_which_a_customer_would_get_lost_is_broken(text: str, line: int, message: str) -> None:
    with pytest.raises(BrokenNotation, match=message) as broken:
        parse_guide(text)
    assert broken.value.line == line
    assert read(text) == text


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[country: ] Three days.", 1, "names no value"),
        ("All.\n[country: Spain]", 2, "has no text"),
        ("[country: Spain] A.\n[country: spain] B.", 2, "“spain” is answered twice"),
        ("[country: Spain = ] A.", 1, "lacks a name"),
        ("[state?] Which?\n[country: Spain] A.", 1, "“state”, on which no part depends"),
        ("[country?] Which?", 1, "on which no part depends"),
    ],
)
def test_condition_that_cannot_be_asked_is_broken(text: str, line: int, message: str) -> None:
    with pytest.raises(BrokenNotation, match=message) as broken:
        parse_conditional(text)
    assert broken.value.line == line
    assert read(text) == text


@pytest.mark.parametrize(
    ("said", "part"),
    [({}, Missing("country")), ({"country": "austria"}, "Three days."), ({"country": "DE"}, "Three days."),
     ({"country": "Spain"}, "Five days."), ({"country": "France"}, "Two weeks.")],
)  # fmt: skip
def test_part_is_chosen_by_what_the_customer_has_said(said: dict[str, str], part: str | Missing) -> None:
    conditional = parse_conditional(BY_COUNTRY)
    assert conditional is not None
    assert choose(conditional, said) == part
    assert conditional.question("country") == "Which country do you live in?"


def test_chinese_marks_are_read_too() -> None:
    conditional = parse_conditional("[国家？] 您在哪个国家？\n[国家：德国、奥地利] 三天。")
    assert conditional == Conditional(
        (Part("国家", (Value("德国"), Value("奥地利")), "三天。"),), questions=(("国家", "您在哪个国家？"),)
    )
    guide = parse_guide("1、灯亮吗？\n - 亮 → 完成\n - 不亮 → 第2步\n2、转给同事？\n - 好 → 人工")
    assert guide is not None
    assert [branch.target for step in guide.steps for branch in step.branches] == ["done", 2, "colleague"]


@pytest.mark.parametrize(
    "text", ["[Note: prices may change] It costs $9.", "[country: Spain](https://example.org)", "[注意：仅限现货] 有。"]
)
def test_remark_or_link_in_brackets_is_no_condition(text: str) -> None:
    assert parse_conditional(text) is None


@pytest.mark.parametrize(
    ("written", "seen", "heard"),
    [
        ("See [the list](https://x.example/a).", "See [the list](https://x.example/a).", "See the list."),
        ("![A foot](/foot.svg)\nTurn **it**.", "![A foot](/foot.svg)\nTurn **it**.", "Turn it."),
        ("- Left\n- Right!", "- Left\n- Right!", "Left.\nRight!"),
        ("1. 拧紧\n2. 完成。", "1. 拧紧\n2. 完成。", "1，拧紧。\n2，完成。"),
        ("Call us.\n[spoken] Stay on the line.", "Call us.", "Stay on the line."),
        ("请点链接。\n[语音] 请别挂断。", "请点链接。", "请别挂断。"),
        ("[spoken] Both.", "Both.", "Both."),
        ("Call us.\n[spoken]", "Call us.", "Call us."),
    ],
)
def test_eye_and_ear_each_get_their_words(written: str, seen: str, heard: str) -> None:
    assert (for_eye(written), for_ear(written)) == (seen, heard)


def test_broken_answer_is_named_by_its_line_and_kept() -> None:
    content = 'question,answer\nWhy?,Because.\nDoes it start?,"1. On?\n - yes -> 7\n - no -> done"\n'
    document = parse_document(content.encode(), name="faq.csv")
    assert [entry.question for entry in document.entries] == ["Why?", "Does it start?"]
    (problem,) = document.problems
    assert problem.line == 3
    assert "in its line 2 “yes” leads to step 7, which does not exist" in str(problem)
    assert document.is_whole


def test_broken_guide_within_a_part_is_named_too() -> None:
    content = 'question,answer\nDoes it start?,"[model: A] 1. On?\n - yes -> 7\n - no -> done"\n'
    (problem,) = parse_document(content.encode(), name="faq.csv").problems
    assert "step 7" in str(problem)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_notation_survives_an_export(lang: str) -> None:
    entries = read_document(DEMO / f"{lang}.csv").entries
    again = parse_document(write_faq(entries).encode(), name="faq.csv").entries
    assert [entry.answer for entry in again] == [entry.answer for entry in entries]
    assert sum(not isinstance(read(entry.answer), str) for entry in again) == 2


def test_help_page_shows_markdown_and_all_parts_but_no_markup_of_the_writer() -> None:
    page = answer_html(f"{BY_COUNTRY}\n[country: Italy] <b>Six</b> [days](javascript:alert(1)).")
    assert "<strong>Germany, Austria:</strong> Three days." in page
    assert "&lt;b&gt;Six&lt;/b&gt;" in page
    assert "href" not in page
    assert "[country" not in page

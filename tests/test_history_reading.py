"""Exports as the systems of the field write them, read without being told which system it was."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.history.columns import recognise
from knowledge.history.contacts import Export, PastContact, read_export
from knowledge.history.masking import mask
from knowledge.history.threads import answer_of, question_of, sides, take_apart
from knowledge.history.times import Clock, order_of, read_seconds
from knowledge.problem import UnreadableDocument

ZONE = "America/Los_Angeles"
EARLIEST, LATEST = datetime.fromisoformat("2001-09-10"), datetime.fromisoformat("2090-01-01")
AFTERNOON = datetime(2026, 11, 22, 23, 4, tzinfo=UTC)


def read(path: Path, content: str | bytes, **how: object) -> Export:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_export(path, key=lambda role, name: f"{role}-{len(name)}", zone=ZONE, **how)  # type: ignore[arg-type]


def only(export: Export) -> PastContact:
    assert len(export.contacts) == 1, export.problems
    return export.contacts[0]


HELP_DESK = """\
"Ticket ID","Requester","Requester email","Assignee","Subject","Description","Via","Tags","Created at","Solved at",\
"First reply time in minutes","Full resolution time in minutes","Total time spent (sec)","Comment"
7,"Jane Doe","jane@example.com","Tom Berg","Return","Jane Doe here, +1 555 123 4567. Can I return it? I paid $1,150.",\
"Email","returns","2026-11-22 15:04","2026-11-24 15:04","12","2880","312","Hi Jane,
30 days.
Best regards,
Tom Berg"
"""


def test_help_desk_export_is_understood_by_its_column_names(tmp_path: Path) -> None:
    export = read(tmp_path / "tickets.csv", HELP_DESK)
    contact = only(export)
    assert (contact.external_id, contact.channel, contact.topic) == ("7", "email", "returns")
    assert contact.started_at == AFTERNOON
    assert export.columns.unknown == ("first reply time in minutes", "full resolution time in minutes")


def test_the_clock_on_the_wall_is_no_handling_time(tmp_path: Path) -> None:
    contact = only(read(tmp_path / "tickets.csv", HELP_DESK))
    assert contact.handling_seconds == 312
    aged = HELP_DESK.replace('"Total time spent (sec)"', '"Reopens"')
    assert only(read(tmp_path / "aged.csv", aged)).handling_seconds is None


def test_nobodys_name_address_or_number_is_kept(tmp_path: Path) -> None:
    contact = only(read(tmp_path / "tickets.csv", HELP_DESK))
    assert contact.question == "[name] here, [phone]. Can I return it? I paid $1,150."
    assert contact.answer == "30 days."
    assert (contact.customer, contact.colleague) == ("customer-16", "colleague-8")
    assert not any(word in repr(contact) for word in ("Jane", "Doe", "Tom", "Berg", "example.com", "555"))


def test_call_log_adds_talk_hold_and_wrap_where_no_handle_time_is(tmp_path: Path) -> None:
    log = (
        "Conversation ID;Date;ANI;Users;Media Type;Wrap-up;Total Talk;Total Hold;Total ACW;Queue Time\n"
        "a1;22.11.2026 15:04;+15551234567;Berg;voice;Returns;0:04:00;0:00:12;0:01:00;0:00:30\n"
    )
    contact = only(read(tmp_path / "calls.csv", log))
    assert (contact.channel, contact.topic, contact.handling_seconds) == ("phone", "Returns", 312)
    assert contact.started_at == AFTERNOON


@pytest.mark.parametrize(
    ("column", "cells", "seconds"),
    [
        ("Total Handle", ("312000", "9000", "45000"), [312, 9, 45]),
        ("Handle time", ("312", "9", "4500"), [312, 9, 4500]),
        ("Handle time (min)", ("5", "1.5", "0"), [300, 90, None]),
        ("AgentWorkTime", ("5:12", "0:00:09", "1:15:00"), [312, 9, 4500]),
    ],
)
def test_unit_of_a_column_is_in_its_name_or_in_its_numbers(
    column: str, cells: tuple[str, ...], seconds: list[float | None], tmp_path: Path
) -> None:
    rows = "".join(f"{number},{cell},where is it\n" for number, cell in enumerate(cells))
    export = read(tmp_path / "a.csv", f"id,{column},question\n{rows}")
    assert [contact.handling_seconds for contact in export.contacts] == seconds


@pytest.mark.parametrize(("channel", "seconds"), [("voice", 240), ("chat", None)])
def test_duration_counts_on_the_phone_alone(channel: str, seconds: float | None, tmp_path: Path) -> None:
    contact = only(read(tmp_path / "a.csv", f"id,channel,duration,question\n1,{channel},4:00,where is my sofa\n"))
    assert contact.handling_seconds == seconds


def test_chinese_export_is_understood(tmp_path: Path) -> None:
    rows = (
        "工单号,创建时间,客户姓名,客服姓名,渠道,问题描述,回复,处理时长,类型\n"
        "1,2026年11月22日 下午3:04,王小明,李华,在线,我是王小明，电话13812345678，沙发多久可以退？,30天内可以退。,"
        "5分12秒,退货\n"
    )
    contact = only(read(tmp_path / "gongdan.csv", rows.encode("gb18030")))
    assert contact.question == "我是[name]，电话[电话]，沙发多久可以退？"
    assert (contact.channel, contact.lang, contact.topic) == ("chat", "zh", "退货")
    assert (contact.started_at, contact.handling_seconds) == (AFTERNOON, 312)


def test_columns_the_user_names_go_first(tmp_path: Path) -> None:
    text = "what,said,subject\nwhere is my sofa,on its way,Other\n"
    contact = only(read(tmp_path / "a.csv", text, given={"question": "What", "answer": "said"}))
    assert (contact.question, contact.answer) == ("where is my sofa", "on its way")
    with pytest.raises(UnreadableDocument, match="no such column"):
        recognise(("what",), {"question": "that"})
    with pytest.raises(UnreadableDocument, match="no meaning"):
        recognise(("what",), {"ask": "what"})


COMMENTS = {
    "id": 5,
    "requester_id": 11,
    "subject": "Shipping",
    "created_at": "2026-11-22T23:04:00Z",
    "via": {"channel": "chat"},
    "comments": [
        {"author_id": 11, "body": "Do you ship to Mexico?", "public": True},
        {"author_id": 2, "body": "she is a regular", "public": False},
        {"author_id": 2, "body": "Only within the US.", "public": True},
    ],
}
PARTS = {
    "id": "9",
    "created_at": 1795388640,
    "source": {"body": "<p>Do you ship to Mexico?</p>", "author": {"type": "user", "name": "Jane Doe"}},
    "conversation_parts": {
        "conversation_parts": [
            {
                "part_type": "comment",
                "body": "<p>Hello Jane,</p><p>Only within the US.</p>",
                "author": {"type": "admin"},
            },
            {"part_type": "note", "body": "she is a regular", "author": {"type": "admin"}},
        ]
    },
}
REPLIES = {
    "id": 3,
    "created_at": "2026-11-22T15:04:00-08:00",
    "description_text": "Do you ship to Mexico?",
    "conversations": [
        {"body_text": "she is a regular", "incoming": False, "private": True},
        {"body_text": "Do you ship to Mexico?", "incoming": True, "private": False},
        {"body_text": "Only within the US.", "incoming": False, "private": False},
    ],
}


@pytest.mark.parametrize("ticket", [COMMENTS, PARTS, REPLIES], ids=["comments", "parts", "replies"])
def test_first_customer_message_is_the_question_and_the_reply_the_answer(
    ticket: dict[str, object], tmp_path: Path
) -> None:
    contact = only(read(tmp_path / "t.json", json.dumps({"tickets": [ticket]})))
    assert contact.question == "Do you ship to Mexico?"
    assert contact.answer == "Only within the US."
    assert contact.started_at == AFTERNOON


def test_broken_line_of_json_lines_costs_only_itself(tmp_path: Path) -> None:
    export = read(tmp_path / "t.jsonl", json.dumps(COMMENTS) + '\n{"id": 6,\n')
    assert only(export).question == "Do you ship to Mexico?"
    assert [problem.line for problem in export.problems] == [2]


def test_log_with_a_row_a_message_becomes_one_contact_a_conversation(tmp_path: Path) -> None:
    log = (
        "conversation_id,timestamp,sender,message\n"
        "1,2026-11-22 15:04,customer,hello\n"
        "1,2026-11-22 15:05,agent,Hi! How can I help?\n"
        "1,2026-11-22 15:06,customer,do you rent out sofas?\n"
        '1,2026-11-22 15:07,agent,"No, we only sell them."\n'
    )
    contact = only(read(tmp_path / "log.csv", log))
    assert (contact.question, contact.answer) == ("do you rent out sofas?", "No, we only sell them.")
    assert contact.started_at == AFTERNOON


@pytest.mark.parametrize(
    "transcript",
    [
        "Customer: hi\nAgent: Hello, how can I help you?\nCustomer: do you ship abroad?\nAgent: No, in the US only.",
        "Customer: hi Agent: Hello, how can I help you? Customer: do you ship abroad? Agent: No, in the US only.",
        "(03:04:05 PM) Visitor 12: hi\n(03:04:09 PM) Tom: Hello, how can I help you?\n"
        "(03:05:00 PM) Visitor 12: do you ship abroad?\n(03:05:20 PM) Tom: No, in the US only.",
        "[2026-11-22 15:04] Customer: hi\n客服 2026-11-22 15:05:00\nHello, how can I help you?\n"
        "Customer: do you ship abroad?\n客服：No, in the US only.",
    ],
)
def test_transcript_in_one_cell_is_taken_apart(transcript: str) -> None:
    lines = sides(take_apart(transcript), colleagues=["Tom"])
    assert question_of(lines) == "do you ship abroad?"
    assert answer_of(lines) == "No, in the US only."


def test_speakers_nobody_knows_are_not_guessed() -> None:
    assert sides(take_apart("Kim: do you ship abroad?\nAlex: No.")) == []


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-22T15:04:00-08:00",
        "2026-11-22 23:04:00 UTC",
        "2026-11-22T23:04:00.000Z",
        "2026-11-22 15:04",
        "11/22/2026 3:04 PM",
        "11/22/26 3:04 p.m.",
        "Nov 22, 2026 3:04 PM",
        "22 November 2026 15:04",
        "Sun, 22 Nov 2026 23:04:00 +0000",
        "2026年11月22日 15时04分",
        "2026年11月22日 下午3:04",
        "2026/11/22 15:04",
        "1795388640",
        "1795388640000",
    ],
)
def test_time_is_read_in_the_companys_zone_where_it_names_none(written: str) -> None:
    assert Clock(ZoneInfo(ZONE)).read(written) == AFTERNOON


@pytest.mark.parametrize("written", ["soon", "2026-13-45", "31/31/2026", "5:04", ""])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        Clock(ZoneInfo(ZONE)).read(written)


def test_order_of_day_and_month_is_decided_by_the_whole_column() -> None:
    assert order_of(["3/4/2026", "25/4/2026"], zone_name=ZONE) == ("day first", None)
    assert order_of(["3/4/2026", "4/25/2026"], zone_name="Europe/Berlin") == ("month first", None)
    assert order_of(["03.04.2026"], zone_name=ZONE) == ("day first", None)
    order, remark = order_of(["3/4/2026"], zone_name="Europe/London")
    assert order == "day first"
    assert remark is not None
    assert "April" in remark


@given(st.datetimes(min_value=EARLIEST, max_value=LATEST))
def test_every_time_is_read_back_as_it_was_written(naive: datetime) -> None:
    at = naive.replace(microsecond=0, tzinfo=UTC)
    clock = Clock(UTC)
    for form in (
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S",
        "%m/%d/%Y %I:%M:%S %p",
        "%Y年%m月%d日 %H:%M:%S",
        "%d %b %Y %H:%M:%S",
    ):
        assert clock.read(at.strftime(form)) == at
    assert clock.read(str(int(at.timestamp()))) == at


@pytest.mark.parametrize(
    ("written", "unit", "seconds"),
    [("312", 1, 312), ("5:12", 1, 312), ("0:05:12", 1, 312), ("5m 12s", 1, 312), ("5.2", 60, 312), ("5分12秒", 1, 312),
     ("1:30", 3600, 5400), ("1 h 5 min", 1, 3900)],
)  # fmt: skip
def test_length_of_time_is_read_in_every_form(written: str, unit: float, seconds: float) -> None:
    assert read_seconds(written, unit=unit) == seconds


@given(st.integers(0, 99 * 3600))
def test_clock_like_lengths_are_read_back(seconds: int) -> None:
    assert read_seconds(f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}") == seconds


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("write to jane.doe+x@mail.example.co.uk today", "write to [email] today"),
        ("邮箱jane@example.com谢谢", "邮箱[邮箱]谢谢"),
        ("call 503-555-0142 or (503) 555 0142", "call [phone] or [phone]"),
        ("card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00", "card [card ••1111], IBAN [account]"),
        ("order 3348917502 of 2026-11-22 for $1,150.00", "order [number] of 2026-11-22 for $1,150.00"),
        ("open 10 am to 8 pm, 5 to 10 business days", "open 10 am to 8 pm, 5 to 10 business days"),
    ],
)
def test_masking_takes_who_and_leaves_what(said: str, kept: str) -> None:
    assert mask(said) == kept


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_masking_holds_any_text_and_masks_no_mask(text: str, names: list[str]) -> None:
    assert isinstance(mask(text, names=names), str)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("sheet.xlsx", b"PK\x03\x04", "export it as CSV or JSON"),
        ("renamed.csv", b"PK\x03\x04....", "export it as CSV or JSON"),
        ("broken.json", b'[{"id": 1},\n{"id": 2,\n]', "line 3"),
        ("deep.json", b"[" * 100_000, "nested too deeply"),
        ("scalar.json", b"42", "no list"),
        ("other.csv", b"foo,bar\n1,2\n", "--map question=COLUMN"),
        ("head.csv", b"id,question\n", "no contact"),
        ("bin.csv", bytes(range(256)) * 50, "binary"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=said) as told:
        read(tmp_path / name, content)
    assert name in str(told.value)


def test_bad_row_is_named_by_its_line_and_costs_only_itself(tmp_path: Path) -> None:
    rows = (
        b"id,created,handle time,question\n1,soon,300,where is it\n2,2026-11-22,abc,where is it\n"
        b'3,2026-11-22,300,Gr\xf6\xdfe\n4,2026-11-22,300,"' + b"word " * 40_000 + b'"\n'
        b"5,2026-11-22,300,where is my sofa\n5,2026-11-22,300,twice\n" + "6,,,ein Stück für dich\n".encode() * 6
    )
    export = read(tmp_path / "a.csv", rows)
    assert [contact.external_id for contact in export.contacts] == ["5", "6"]
    assert [problem.line for problem in export.problems if problem.line and problem.line < 8] == [2, 3, 4, 5, 7]


def test_handling_longer_than_a_shift_is_left_out_and_said(tmp_path: Path) -> None:
    export = read(tmp_path / "a.csv", "id,handle time,question\n1,30:00:00,where is my sofa\n")
    assert only(export).handling_seconds is None
    assert "longer than a shift" in export.remarks[0]


def test_row_without_an_id_gets_the_same_one_at_every_import(tmp_path: Path) -> None:
    rows = "question,answer\nwhere is it,here\nwhere is it,here\nhow much,$5\n"
    first, again = (read(tmp_path / name, rows) for name in ("a.csv", "b.csv"))
    assert [contact.external_id for contact in first.contacts] == [contact.external_id for contact in again.contacts]
    assert len({contact.external_id for contact in first.contacts}) == 3

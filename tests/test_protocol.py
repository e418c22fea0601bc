"""The widget's protocol is written down, and what is written is what is spoken."""

import json
from typing import get_args

from web.chat.messages import ClientEvent, ServerEvent
from web.chat.protocol import FILE, written
from web.pages import FOLDER


def test_schema_file_is_the_messages_own() -> None:
    assert FILE.read_text("utf-8") == written(), "run `python -m web.chat.protocol`"


def test_schema_names_every_message() -> None:
    known = json.loads(FILE.read_text("utf-8"))["$defs"]
    for message in (*get_args(ClientEvent), *get_args(ServerEvent)):
        assert (
            known[message.__name__]["properties"]["type"]["const"]
            == message.model_fields["type"].annotation.__args__[0]
        )


def test_widget_speaks_no_word_that_is_not_in_it() -> None:
    script = (FOLDER / "static" / "widget.js").read_text("utf-8")
    for message in get_args(ServerEvent):
        name = message.model_fields["type"].default
        assert f'case "{name}":' in script, name

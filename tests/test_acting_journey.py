"""A customer of the demo shop on a real server: the question finds the tool by its meaning, and the form leads on."""

import json
import urllib.request
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect


class Widget:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, text: str) -> dict[str, Any]:
        """The whole answer to a message."""
        self.socket.send(json.dumps({"v": 1, "type": "message", "text": text}))
        while True:
            event: dict[str, Any] = json.loads(self.socket.recv(timeout=60))
            if event["type"] == "answer":
                return event


def chat(server_url: str, lang: str, *said: str) -> list[dict[str, Any]]:
    with connect(server_url.replace("http", "ws") + "/chat") as socket:
        socket.send(json.dumps({"v": 1, "type": "hello", "lang": lang}))
        widget = Widget(socket)
        return [widget.say(text) for text in said]


@pytest.mark.real
def test_a_customer_asks_after_an_order_and_wants_a_return_label(server_url: str) -> None:
    status = chat(
        server_url, "en", "hi, has my order been shipped already?", "10042", "anna dot lee at example dot com"
    )
    assert [answer["reason"] for answer in status] == ["form", "form", "tool_order_status"]
    assert "the Willow sofa, is on its way" in status[-1]["text"]

    how = chat(server_url, "en", "how do I track an order")
    assert how[0]["source"]["id"] == "delivery-tracking"

    label = chat(
        server_url, "en", "could you send me a return label for 10043", "97205", "Yes", "send me a return label", "yes"
    )
    again = ["confirm", "tool_return_label"]
    assert [answer["reason"] for answer in label] == ["form", *again, *again]
    assert label[1]["choices"] == ["Yes", "No"]
    assert label[2]["text"] == label[4]["text"]
    query = f"/api/v1/actions?conversation={label[0]['conversation']}"
    with urllib.request.urlopen(server_url + query, timeout=20) as response:
        actions = json.load(response)
    assert [(action["tool"], action["result"]) for action in actions] == [
        ("return_label", "label_sent"),
        ("return_check", "small"),
    ]
    assert "anna" not in json.dumps(actions)


@pytest.mark.real
def test_the_same_in_chinese(server_url: str) -> None:
    status = chat(server_url, "zh", "你好,我的沙发什么时候能送到?", "一零零四二", "邮编97205")
    assert [answer["reason"] for answer in status] == ["form", "form", "tool_order_status"]
    assert "Willow 沙发" in status[-1]["text"]

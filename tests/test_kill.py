"""A kill -9 after an answer loses nothing. Fifty of them run in `make soak`."""

import asyncio
from collections.abc import Callable

import pytest

from tests.conftest import Server
from tests.kills import chat_until_killed, missing_from_books


@pytest.mark.real
def test_no_answered_turn_is_missing_after_kills_and_the_server_goes_on(make_server: Callable[..., Server]) -> None:
    server = make_server()
    answered = 0
    for seed in range(4):
        told = asyncio.run(chat_until_killed(server, seed=seed))
        assert missing_from_books(server, told) == []
        answered += len(told.answers)
        server.start()
    assert answered > 0

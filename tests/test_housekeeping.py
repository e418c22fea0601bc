"""What a server does beside answering goes on though a part of it fails."""

import asyncio
from pathlib import Path

import pytest

from web.assembly import assemble
from web.operating.housekeeping import once
from web.settings import Settings


@pytest.mark.parametrize(
    "failing", ["conversations.close_silent", "recordings.sweep", "published.refresh", "track_record.refresh"]
)
def test_chore_that_fails_keeps_no_other_from_being_done(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, done = assemble(Settings(home=tmp_path, cache=tmp_path)), list[str]()

    def chore(name: str) -> object:
        def run(*_: object, **__: object) -> None:
            if name == failing:
                raise OSError("the disk is full")
            done.append(name)

        return run

    names = {"conversations.close_silent", "recordings.sweep", "published.refresh", "track_record.refresh"}
    for name in names:
        part, method = name.split(".")
        monkeypatch.setattr(getattr(services, part), method, chore(name))
    asyncio.run(once(services))
    assert set(done) == names - {failing}

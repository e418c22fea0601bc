"""A folder is read as a whole: one bad document stops nothing, and what was passed over is counted."""

import json
from pathlib import Path

import pytest

from knowledge.reading.folders import look_through
from tests.conftest import run_dime


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "faq.csv": "question,answer\nWhat colour is the moon cheese?,It is green on Tuesdays.\n",
        "en/help.md": "# Help\n## May I return a bed?\nYou may.\n",
        "zh/help.md": "# 帮助\n## 可以退货吗？\n可以。\n",
        "page.html": "<h2>Who pays for pickup?</h2><p>We do.</p>",
        "notes.txt": "Q: When do you open?\nA: At nine.\n",
        "broken.pdf": "%PDF-1.7 and no more",
        ".hidden.csv": "question\nSecret?\n",
        ".git/config.txt": "hidden",
        "~$faq.xlsx": "a lock",
        "logo.png": "no text",
    }
    for name, text in files.items():
        path = tmp_path / "help" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "help" / "loop").symlink_to(tmp_path / "help", target_is_directory=True)
    return tmp_path / "help"


def test_folder_is_looked_through_with_subfolders_and_counts(folder: Path) -> None:
    found = look_through(folder)
    names = [path.relative_to(folder).as_posix() for path in found.documents]
    assert names == ["broken.pdf", "faq.csv", "notes.txt", "page.html", "en/help.md", "zh/help.md"]
    assert (found.hidden, found.other, found.closed) == (3, 1, ())


@pytest.mark.real
def test_folder_is_added_but_for_its_bad_document(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    added = run_dime(
        "knowledge", "add", str(folder), "https://shop.example/", str(tmp_path / "no"), "--json", home=home
    )
    assert added.returncode == 1
    told = json.loads(added.stdout)
    assert {Path(file["file"]).name: file["added"] for file in told["files"]} == {
        "faq.csv": 1,
        "help.md": 1,
        "page.html": 1,
        "notes.txt": 1,
    }
    assert len(told["files"]) == 5 and len(told["failed"]) == 3
    assert "3 hidden files and 1 of other kinds were passed over" in added.stderr
    assert "broken.pdf is a PDF that is broken or incomplete." in added.stderr
    assert "no does not exist" in added.stderr and "https://shop.example/" in added.stderr
    sources = json.loads(run_dime("knowledge", "list", "--json", home=home).stdout)["sources"]
    assert [source["active"] for source in sources if source["name"] in ("en/help.md", "zh/help.md")] == [1, 1]
    again = run_dime("knowledge", "add", str(folder / "en"), str(folder / "faq.csv"), home=home)
    assert again.returncode == 0 and "1 unchanged" in again.stdout


@pytest.mark.real
def test_bad_file_alone_leaves_the_knowledge_as_it_was(tmp_path: Path) -> None:
    run_dime("ask", "hello", home=tmp_path)
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 no")
    assert run_dime("knowledge", "add", str(bad), home=tmp_path).returncode == 1
    sources = json.loads(run_dime("knowledge", "list", "--json", home=tmp_path).stdout)["sources"]
    assert all(source["active"] for source in sources)

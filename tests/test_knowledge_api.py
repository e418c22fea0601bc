"""The knowledge over REST: documents are read in the background, entries edited, searches laid open."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from knowledge.entry import Entry
from knowledge.reading import documents
from tests.doubles import ScriptedSearcher
from tests.web_site import WebSite, fails, fetcher, page
from web.app import create_app
from web.assembly import assemble
from web.editor.reading_jobs import ReadingJobs
from web.services import Services
from web.settings import Settings

pytestmark = pytest.mark.real

AT = "/api/v1/knowledge"
FAQ = b"id,question,answer,variants\nsofa,Return a sofa?,Within 30 days.,send it back|take back\n,no answer here,\n"
SOFA = Entry("sofa", "Return a sofa?", "Within 30 days.", variants=("send my sofa back",))
BED = Entry("bed", "Return a bed?", "Within 10 days.")
LAMP = Entry("lamp", "Return a lamp?")


class ScriptedIndex:
    is_ready = True

    def __init__(self) -> None:
        self.searcher = ScriptedSearcher((SOFA, 0.41), (BED, 0.32), (LAMP, 0.05))

    def current(self) -> ScriptedSearcher:
        return self.searcher

    async def follow(self) -> None:
        return None


def made_at(folder: Path) -> Services:
    made = assemble(Settings(home=folder / "home", cache=folder / "cache", _env_file=None))
    made.index = ScriptedIndex()  # type: ignore[assignment]
    return made


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return made_at(tmp_path)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """For requests that must change nothing: it is empty before and after each."""
    with TestClient(create_app(made_at(tmp_path_factory.mktemp("home"))), base_url="http://127.0.0.1") as client:
        yield client
        assert client.get(f"{AT}/entries").json() == {"total": 0, "entries": []}
        assert client.get(f"{AT}/sources").json() == []


def upload(client: TestClient, content: bytes = FAQ, name: str = "faq.csv") -> Any:
    return client.post(f"{AT}/sources", files={"file": (name, content)})


def ended(client: TestClient, submitted: Any) -> dict[str, Any]:
    assert submitted.status_code == 202, submitted.text
    job: dict[str, Any] = client.get(f"{AT}/jobs/{submitted.json()['id']}", params={"wait": 30}).json()
    return job


def ids(client: TestClient, **asked: Any) -> list[str]:
    return [entry["id"] for entry in client.get(f"{AT}/entries", params=asked).json()["entries"]]


def test_file_is_read_in_the_background_and_its_job_tells_what_came_of_it(client: TestClient) -> None:
    job = ended(client, upload(client, FAQ + b'"broken'))
    assert (job["name"], job["state"], job["error"]) == ("faq.csv", "done", None)
    assert (job["result"]["added"], job["result"]["kept"]) == (2, 0)
    assert "quotation mark" in job["result"]["problems"][-1]
    assert [(source["name"], source["active"]) for source in client.get(f"{AT}/sources").json()] == [("faq.csv", 2)]
    assert client.get(f"{AT}/jobs/{job['id']}").json() == job


def test_own_file_retires_the_demo_companys_knowledge_and_a_bad_one_does_not(
    client: TestClient, services: Services
) -> None:
    services.library.add(documents.parse_document(b"question,answer\nDemo?,yes\n", name="demo.csv"), demo=True)
    assert ended(client, upload(client, b"\x00\xff" * 500))["state"] == "failed"
    assert client.get(f"{AT}/entries").json()["total"] == 1
    ended(client, upload(client))
    assert "sofa" in ids(client) and len(ids(client)) == 2


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\xff" * 300, b"answer\nonly\n"], ids=["empty", "binary", "no column"]
)
def test_file_that_cannot_be_read_is_one_sentence(untouched: TestClient, content: bytes) -> None:
    job = ended(untouched, upload(untouched, content))
    assert job["state"] == "failed"
    assert "faq.csv" in job["error"]


@pytest.mark.parametrize("name", ["virus.exe", "faq", "../../etc/passwd"])
def test_file_of_another_kind_is_refused_at_once(untouched: TestClient, name: str) -> None:
    refused = upload(untouched, name=name)
    assert refused.status_code == 422
    assert "is not a kind of file that can be read" in refused.json()["detail"]


def test_folders_in_a_files_name_are_dropped(client: TestClient) -> None:
    assert upload(client, name="C:\\Users\\eve\\..\\faq.csv").json()["name"] == "faq.csv"
    assert upload(client, name="../../\x07faq.csv").json()["name"].endswith("faq.csv")


def test_form_without_a_file_and_broken_ones_are_refused(untouched: TestClient) -> None:
    assert untouched.post(f"{AT}/sources", data={"file": "text"}, files={"other": b"x"}).status_code == 422
    broken = {"Content-Type": "multipart/form-data"}
    assert untouched.post(f"{AT}/sources", content=b"rubbish", headers=broken).status_code == 400
    mangled = {"Content-Type": "multipart/form-data; boundary=xyz"}
    assert untouched.post(f"{AT}/sources", content=b"no boundary here", headers=mangled).status_code in (400, 422)


def test_file_that_is_too_large_is_refused_while_it_comes(
    untouched: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.editor.knowledge_api.LARGEST_DOCUMENT_BYTES", 1_000_000)

    def pieces() -> Iterator[bytes]:
        yield b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="faq.csv"\r\n\r\n'
        yield from [b"x" * 10_000] * 300

    headers = {"Content-Type": "multipart/form-data; boundary=xyz"}
    refused = untouched.post(f"{AT}/sources", content=pieces(), headers=headers)
    assert (refused.status_code, refused.json()["detail"]) == (413, "the file is larger than 1 MB")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost:8000/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
        "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "ftp://shop.example/",
        "http://shop.example:8080/", "http://me:secret@shop.example/", "shop.example", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_address_that_is_not_public_is_refused_at_once(untouched: TestClient, url: str) -> None:
    refused = untouched.post(f"{AT}/sources", json={"url": url})
    assert refused.status_code == 422
    assert len(refused.json()["detail"]) > 10


def test_name_that_leads_into_our_own_network_is_refused_when_it_is_fetched(untouched: TestClient) -> None:
    job = ended(untouched, untouched.post(f"{AT}/sources", json={"url": "http://localhost/"}))
    assert (job["state"], job["error"]) == (
        "failed",
        "localhost is not on the public internet; such pages are read from the command line only.",
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"url": 5}', b'{"url": "http://a.example", "pages": 0}', b"[" * 9_000]
)
def test_bad_request_for_an_address_is_refused(untouched: TestClient, body: bytes) -> None:
    assert untouched.post(f"{AT}/sources", content=body).status_code == 422
    assert untouched.post(f"{AT}/sources", content=b"x" * 20_000).status_code == 413


def test_site_is_read_in_the_background_and_a_page_that_is_gone_takes_its_entries_along(
    client: TestClient, services: Services
) -> None:
    services.fetcher = fetcher
    with WebSite() as site:
        site["/"], site["/a"] = page("Start?", links=("/a",)), page("A?")
        job = ended(client, client.post(f"{AT}/sources", json={"url": site.url, "site": True}))
        assert (job["state"], job["result"]["added"], job["pages_read"]) == ("done", 2, 2)
        site["/single"] = page("Single?")
        ended(client, client.post(f"{AT}/sources", json={"url": f"{site.url}/single"}))
        site["/single"], site["/a"] = fails(410), page("B?")
        gone = ended(client, client.post(f"{AT}/sources", json={"url": f"{site.url}/single"}))
        assert gone["result"]["retired"] == 1
        again = ended(client, client.post(f"{AT}/sources", json={"url": site.url}))
        assert (again["result"]["added"], again["result"]["retired"]) == (1, 1)
        assert {entry["url"] for entry in client.get(f"{AT}/entries").json()["entries"]} == {
            f"{site.url}/",
            f"{site.url}/a",
        }
        assert client.delete(f"{AT}/sources/{site.url}/").json() == {"retired": 2}


def test_full_queue_says_so_and_empties_again(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    may_read, add = threading.Event(), services.library.add

    def slowly(*given: Any, **named: Any) -> Any:
        assert may_read.wait(30)
        return add(*given, **named)

    monkeypatch.setattr(services.library, "add", slowly)
    services.jobs = ReadingJobs(most_waiting=2)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        submitted = [upload(client, name=f"{number}.csv") for number in range(4)]
        refused = next(answer for answer in submitted if answer.status_code == 429)
        assert refused.json()["detail"].startswith("2 documents are waiting to be read already")
        assert client.get("/healthz").status_code == 200
        may_read.set()
        assert {ended(client, job)["state"] for job in submitted if job is not refused} == {"done"}
        assert upload(client).status_code == 202


def test_failure_of_our_own_does_not_stop_the_next(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(services.library, "add", lambda *_: 1 / 0)
        job = ended(client, upload(client))
    assert (job["state"], job["error"]) == ("failed", "faq.csv could not be read; the server's log says why.")
    assert ended(client, upload(client))["state"] == "done"


def test_address_is_removed_however_it_is_written(client: TestClient, services: Services) -> None:
    content = b"question,answer\nWhy?,Because.\n"
    services.library.add(documents.parse_document(content, name="https://shop.example/", kind="csv"))
    assert client.delete(f"{AT}/sources/https://SHOP.example").json() == {"retired": 1}


def test_unknown_job_is_not_found(untouched: TestClient) -> None:
    assert untouched.get(f"{AT}/jobs/00000000-0000-0000-0000-000000000000").status_code == 404


def test_entry_is_written_found_and_removed(client: TestClient) -> None:
    ended(client, upload(client))
    wanted = {"id": "sofa", "question": "Return a sofa?", "answer": "Within 60 days.", "variants": ["send back"]}
    written = client.put(f"{AT}/entries", json=wanted).json()
    assert written["change"] == "updated"
    assert (written["entry"]["source"], written["entry"]["lang"]) == ("editor", "en")
    assert client.put(f"{AT}/entries", json=wanted).json()["change"] == "unchanged"
    assert ended(client, upload(client))["result"]["kept"] == 1
    found = client.get(f"{AT}/entries", params={"q": "60 days"}).json()
    assert [(entry["id"], entry["answer"]) for entry in found["entries"]] == [("sofa", "Within 60 days.")]
    chinese = client.put(f"{AT}/entries", json={"question": "沙发可以退吗?", "answer": "可以。"}).json()["entry"]
    assert (chinese["lang"], ids(client, lang="zh")) == ("zh", [chinese["id"]])
    assert ids(client, source="editor", limit=1, offset=1) == [chinese["id"]]
    assert client.delete(f"{AT}/entries/sofa", params={"lang": "zh"}).status_code == 404
    assert client.delete(f"{AT}/entries/sofa").json() == {"retired": 1}
    assert "sofa" not in ids(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"question": "  "}, {"question": "q" * 2_001}, {"question": "q?", "answer": "a" * 50_001},
        {"question": "q?", "lang": "English!"}, {"question": "q?", "url": "javascript:alert(1)"},
        {"question": "q?", "variants": ["a|b"]}, {"question": "q?", "valid_until": "soon"},
        {"question": "q?", "valid_from": "2026-02-01", "valid_until": "2026-01-01"},
        {"question": "q?", "id": ""}, {"question": "q?", "variants": ["x"] * 501},
    ],
)  # fmt: skip
def test_entry_that_cannot_be_kept_is_refused(untouched: TestClient, wrong: dict[str, Any]) -> None:
    assert untouched.put(f"{AT}/entries", json=wrong).status_code == 422


def test_paging_out_of_bounds_is_refused_or_empty(untouched: TestClient) -> None:
    assert untouched.get(f"{AT}/entries", params={"limit": 0}).status_code == 422
    assert untouched.get(f"{AT}/entries", params={"offset": -1}).status_code == 422
    assert ids(untouched, offset=1_000) == []


def test_nothing_of_that_name_is_not_found(untouched: TestClient) -> None:
    assert untouched.delete(f"{AT}/sources/nothing.csv").status_code == 404
    assert untouched.delete(f"{AT}/entries/nothing").status_code == 404


def test_export_is_added_again_without_a_change(client: TestClient) -> None:
    ended(client, upload(client))
    exported = client.get(f"{AT}/export")
    assert exported.headers["content-type"].startswith("text/csv")
    assert ended(client, upload(client, exported.content))["result"]["unchanged"] == 2


def test_search_is_laid_open(client: TestClient, services: Services) -> None:
    ended(client, upload(client))
    found = client.get(f"{AT}/search", params={"q": "can I send back the sofa"}).json()
    first = found["matches"][0]
    assert first["phrasing"] == "send my sofa back"
    assert {word["word"] for word in first["words"]} == {"send", "back", "sofa"}
    assert [match["reason"] for match in found["matches"]] == [
        "asked back (2 to choose from): the question is expected to cost 2.88 instead of 7.08",
        "not answered: 0.32 is behind 0.41",
        "not answered: the entry has no answer",
    ]
    assert found["close"]["entries"] == ["sofa", "bed"]
    assert "两个条目相近" in client.get(f"{AT}/search", params={"q": "退沙发"}).json()["close"]["reason"]
    services.index.is_ready = False  # type: ignore[misc]
    assert client.get(f"{AT}/search", params={"q": "sofa"}).status_code == 503


def test_strangers_stay_out(untouched: TestClient) -> None:
    outside = {"Host": "dime.example.org"}
    for method, path in [("GET", "sources"), ("POST", "sources"), ("PUT", "entries"), ("DELETE", "entries/sofa")]:
        assert untouched.request(method, f"{AT}/{path}", headers=outside).status_code == 401
    assert untouched.post(f"{AT}/sources", headers={"Origin": "https://evil.example"}).status_code == 401

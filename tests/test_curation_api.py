"""The editor's REST over what customers asked: gaps, drafts, phrasings, findings, and previews that write nothing."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from knowledge.entry import Entry
from tests.test_curation import client, index, keep, services  # noqa: F401
from web.services import Services

pytestmark = pytest.mark.slow

AT = "/api/v1/knowledge"
ASKED = "do you rent sofas?"
PASTED = f"Customer: {ASKED}\nAgent: No, we only sell them."


@pytest.fixture
def draft(client: TestClient) -> dict[str, Any]:  # noqa: F811
    learnt = client.post(f"{AT}/learn", json={"text": PASTED}).json()
    assert learnt == [{"question": ASKED, "outcome": "new"}]
    (made,) = client.get(f"{AT}/drafts").json()
    return dict(made)


def entries(client: TestClient) -> list[tuple[str, str]]:  # noqa: F811
    found = client.get(f"{AT}/entries").json()["entries"]
    return [(entry["question"], entry["answer"]) for entry in found]


def gaps(client: TestClient) -> list[dict[str, Any]]:  # noqa: F811
    return list(client.get(f"{AT}/gaps").json()["gaps"])


def test_gap_tells_how_often_what_it_cost_and_which_wordings_are_personal(
    client: TestClient,  # noqa: F811
    services: Services,  # noqa: F811
) -> None:
    for question in (ASKED, ASKED, "do you rent sofas, ann@example.org?"):
        keep(services, question)
    found = gaps(client)
    assert sum(gap["count"] for gap in found) == 3
    assert {example["text"]: example["is_personal"] for gap in found for example in gap["examples"]} == {
        ASKED: False,
        "do you rent sofas, ann@example.org?": True,
    }
    assert {gap["money"]["currency"] for gap in found} == {"USD"}
    assert client.get(f"{AT}/gaps", params={"lang": "zh"}).json() == {"gaps": [], "answered_now": []}


def test_answered_gap_is_an_entry_and_a_gap_no_more(client: TestClient, services: Services) -> None:  # noqa: F811
    keep(services, ASKED)
    keep(services, "rent a couch, ann@example.org")
    written = {"question": ASKED, "answer": "No.", "variants": ["sofa for rent"], "url": "/help/rent"}
    made = client.post(f"{AT}/gaps/answer", json={**written, "asked": [ASKED, "rent a couch, ann@example.org"]})
    assert made.status_code == 201
    assert (made.json()["source"], made.json()["url"]) == ("editor", "/help/rent")
    assert gaps(client) == []
    again = client.post(f"{AT}/gaps/answer", json={**written, "answer": "Yes."})
    assert (again.status_code, again.json()["detail"][:9]) == (409, "the entry")
    assert entries(client) == [(ASKED, "No.")]


@pytest.mark.parametrize("answer", ["", None])
def test_gap_is_not_answered_with_nothing(client: TestClient, services: Services, answer: Any) -> None:  # noqa: F811
    keep(services, ASKED)
    assert client.post(f"{AT}/gaps/answer", json={"question": ASKED, "answer": answer}).status_code == 422
    assert len(gaps(client)) == 1


def test_new_entry_never_takes_the_place_of_one_that_is_there(client: TestClient) -> None:  # noqa: F811
    first = {"question": "Open on Sunday?", "answer": "Yes."}
    only_new = {"If-None-Match": "*"}
    assert client.put(f"{AT}/entries", json=first, headers=only_new).status_code == 200
    second = {"question": "open on sunday", "answer": "No."}
    assert client.put(f"{AT}/entries", json=second, headers=only_new).status_code == 409
    assert entries(client) == [("Open on Sunday?", "Yes.")]


def test_one_entry_is_read_by_its_id_in_the_language_asked_for(
    client: TestClient,  # noqa: F811
    services: Services,  # noqa: F811
) -> None:
    services.library.write(Entry("a/b", "Rent?", "No.", source="editor"))
    services.library.write(Entry("a/b", "租吗？", "不。", lang="zh", source="editor"))
    told = [client.get(f"{AT}/entries/a%2Fb", params={"lang": lang}).json()["answer"] for lang in ("en", "zh")]
    assert told == ["No.", "不。"]
    missing = client.get(f"{AT}/entries/nothing")
    assert (missing.status_code, missing.json()["detail"]) == (404, "nothing in the knowledge is called nothing")


def test_draft_is_accepted_in_the_editors_words(client: TestClient, draft: dict[str, Any]) -> None:  # noqa: F811
    accepted = client.post(
        f"{AT}/drafts/{draft['id']}/accept", json={"question": "Can I rent a sofa?", "answer": "No, sorry."}
    )
    assert accepted.json()["variants"] == [ASKED]
    assert entries(client) == [("Can I rent a sofa?", "No, sorry.")]
    assert client.get(f"{AT}/drafts").json() == []


def test_draft_is_accepted_as_it_is_without_a_body(client: TestClient, draft: dict[str, Any]) -> None:  # noqa: F811
    assert client.post(f"{AT}/drafts/{draft['id']}/accept").status_code == 200
    assert entries(client) == [(ASKED, "No, we only sell them.")]


def test_refused_draft_is_not_proposed_again(client: TestClient, draft: dict[str, Any]) -> None:  # noqa: F811
    assert client.post(f"{AT}/drafts/{draft['id']}/refuse").status_code == 204
    assert client.get(f"{AT}/drafts").json() == []
    assert client.post(f"{AT}/learn", json={"text": PASTED}).json()[0]["outcome"] == "refused"


def test_draft_that_cannot_be_had_is_one_sentence_and_stays(
    client: TestClient,  # noqa: F811
    services: Services,  # noqa: F811
    draft: dict[str, Any],
) -> None:
    for deed in ("accept", "refuse"):
        gone = client.post(f"{AT}/drafts/{uuid4()}/{deed}")
        assert (gone.status_code, type(gone.json()["detail"])) == (404, str)
    services.library.write(Entry("rent", ASKED, "Yes.", source="faq.csv"))
    taken = client.post(f"{AT}/drafts/{draft['id']}/accept")
    assert (taken.status_code, taken.json()["detail"]) == (409, f"the entry rent is asked so already: {ASKED}")
    too_long = client.post(f"{AT}/drafts/{draft['id']}/accept", json={"question": "x|" * 999, "answer": " \0 "})
    assert (too_long.status_code, too_long.json()["detail"]) == (422, "an entry needs an answer")
    assert client.get(f"{AT}/drafts").json() == [draft]


@pytest.mark.parametrize(
    ("text", "word"), [("", "who speaks"), ("hello\n", "who speaks"), ("Agent: No.", "one speaker")]
)
def test_paste_that_is_no_conversation_is_one_sentence(client: TestClient, text: str, word: str) -> None:  # noqa: F811
    refused = client.post(f"{AT}/learn", json={"text": text})
    assert refused.status_code == 422
    assert word in refused.json()["detail"]


def test_taught_phrasing_is_kept_and_an_unknown_entry_or_a_taken_question_refused(
    client: TestClient,  # noqa: F811
    services: Services,  # noqa: F811
) -> None:
    services.library.write(Entry("returns", "How long can I return a sofa?", "30 days", source="editor"))
    services.library.write(Entry("hours", "When are you open?", "Daily.", source="editor"))
    keep(services, "give my couch back")
    taught = client.post(f"{AT}/teach", json={"question": "give my couch back", "entry": "returns"})
    assert taught.json()["variants"] == ["give my couch back"]
    assert gaps(client) == []
    assert client.post(f"{AT}/teach", json={"question": "x", "entry": "nothing"}).status_code == 404
    assert client.post(f"{AT}/teach", json={"question": "when are you open", "entry": "returns"}).status_code == 409
    assert client.post(f"{AT}/teach", json={"question": "  ", "entry": "returns"}).status_code == 422


def test_check_names_what_contradicts_and_what_says_nothing(client: TestClient, services: Services) -> None:  # noqa: F811
    services.library.write(Entry("a", "How long can I return a sofa?", "Within 30 days of delivery.", source="faq.csv"))
    services.library.write(Entry("b", "How long can I return a sofa", "", lang="zh", source="faq.csv"))
    services.library.write(
        Entry("c", "For how long can I return a sofa?", "Within 14 days of delivery.", source="editor")
    )
    found = client.get(f"{AT}/check").json()
    assert [(pair["kind"], pair["one"]["id"], pair["other"]["id"]) for pair in found["pairs"]] == [
        ("contradiction", "a", "c")
    ]
    assert [entry["id"] for entry in found["unanswered"]] == ["b"]


def preview(client: TestClient, answer: str) -> Any:  # noqa: F811
    return client.post(f"{AT}/preview", json={"question": "?!", "answer": answer}).json()


def test_preview_shows_for_the_eye_and_says_for_the_ear(client: TestClient) -> None:  # noqa: F811
    (scene,) = preview(client, "See [the list](/x).\n[spoken] I can read it to you.")["scenes"]
    assert (scene["shown"], scene["spoken"]) == ("See [the list](/x).", "I can read it to you.")


def test_preview_plays_a_condition_and_a_guide_within_it(client: TestClient) -> None:  # noqa: F811
    answer = "Two weeks.\n[country: Germany]\n1. Is it green?\n - yes -> done\n - no -> colleague\n"
    scenes = preview(client, answer)["scenes"]
    assert [(scene["when"], scene["choices"]) for scene in scenes] == [
        ("country?", ["Germany", "Other"]),
        ("country: Germany · 1", ["yes", "no"]),
        ("…", []),
    ]
    assert scenes[1]["spoken"].startswith("Is it green?") and "yes" in scenes[1]["spoken"]


def test_preview_names_what_is_broken_and_writes_nothing(client: TestClient) -> None:  # noqa: F811
    found = preview(client, "1. Is it green?\n - yes -> 7\n - no -> done")
    assert "leads to step 7" in found["problem"]
    assert len(found["scenes"]) == 1
    assert entries(client) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "gaps"), ("GET", "drafts"), ("GET", "check"), ("POST", "learn"), ("POST", "teach"), ("POST", "preview")],
)
def test_nobody_else_gets_in(client: TestClient, method: str, path: str) -> None:  # noqa: F811
    assert client.request(method, f"{AT}/{path}", headers={"Host": "shop.example"}, json={}).status_code == 401
    assert client.get("/knowledge", headers={"Host": "shop.example"}).status_code == 401

"""Any LangChain Embeddings by name; one that fails, goes silent or changes its width is told, and loses nothing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings
from langchain_openai import OpenAIEmbeddings

from knowledge.matching.embeddings import SilentEmbeddings, WrongVectors
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import SHOP
from web.assembly import assemble, embeddings
from web.naming import SettingError
from web.settings import Settings

pytestmark = pytest.mark.slow


class Letters(LetterEmbeddings, Embeddings):
    """A LangChain Embeddings of one's own."""


def deterministic() -> DeterministicFakeEmbedding:
    return DeterministicFakeEmbedding(size=48)


def broken() -> Embeddings:
    raise OSError("no key")


def no_embeddings() -> str:
    return "text"


@pytest.mark.parametrize("name", ["Letters", "deterministic"])
def test_class_or_function_of_ones_own_answers(name: str, tmp_path: Path) -> None:
    chosen = embeddings(Settings(home=tmp_path, embeddings=f"tests.test_embeddings:{name}"))
    retriever = Retriever.fit(SHOP, Vectors(chosen))
    assert retriever.search(SHOP[0].question, lang=SHOP[0].lang)[0].entry.label == SHOP[0].label


@pytest.mark.parametrize(
    "named", ["nowhere:Class", "tests.test_embeddings:Missing", "tests.test_embeddings:broken",
              "tests.test_embeddings:no_embeddings", "tests.test_embeddings:SHOP", "x", ":"],
)  # fmt: skip
def test_embeddings_that_cannot_be_had_are_one_sentence_with_the_setting(named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=f"DIME_EMBEDDINGS={named} "):
        embeddings(Settings(home=tmp_path, embeddings=named))


class Wrong(Letters):
    def __init__(self, given: Any) -> None:
        super().__init__()
        self.given = given

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.given for _ in texts]


@pytest.mark.parametrize("given", [[], [float("nan"), 1.0], "words", None, 1.0, ["a"]])
def test_what_is_no_vector_is_refused(given: Any) -> None:
    with pytest.raises(WrongVectors):
        Vectors(Wrong(given)).of_answers(["Yes."])


def test_model_that_changes_its_width_is_told_apart_from_the_vectors_kept(tmp_path: Path) -> None:
    Vectors(DeterministicFakeEmbedding(size=48), tmp_path).of_answers(["Yes."])
    with pytest.raises(WrongVectors, match=r"20 numbers a text, and gave 48"):
        Vectors(DeterministicFakeEmbedding(size=20), tmp_path).of_answers(["No."])


class FakeOpenAI(ThreadingHTTPServer):
    """Embeds by letters over OpenAI's protocol; `is_down` answers 500, and `is_silent` nothing in time."""

    is_down = is_silent = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.paths: list[str] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Answer(BaseHTTPRequestHandler):
    server: FakeOpenAI

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.paths.append(self.path)
        if self.server.is_silent:
            self.server.ended.wait(5)
            return
        vectors = LetterEmbeddings().embed_documents(asked["input"]) if not self.server.is_down else []
        found = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
        told = {
            "object": "list",
            "data": found,
            "model": asked["model"],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
        body = json.dumps(told, default=float).encode()
        self.send_response(500 if self.server.is_down else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def openai() -> Iterator[FakeOpenAI]:
    server = FakeOpenAI()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()


def of_openai(server: FakeOpenAI) -> OpenAIEmbeddings:
    """As README tells: no table for counting tokens is fetched."""
    given: dict[str, Any] = {"base_url": server.url, "api_key": "none"}
    return OpenAIEmbeddings(
        model="letters", check_embedding_ctx_length=False, max_retries=0, timeout=0.3, tiktoken_enabled=False, **given
    )


def test_openai_embeddings_answer(openai: FakeOpenAI) -> None:
    retriever = Retriever.fit(SHOP, Vectors(of_openai(openai)))
    assert retriever.search("delivery price")[0].entry.id == "delivery"
    assert set(openai.paths) == {"/v1/embeddings"}


@pytest.mark.parametrize("failure", ["is_down", "is_silent"])
def test_silent_server_delays_what_is_new_and_the_old_goes_on_answering(
    failure: str, openai: FakeOpenAI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache"))
    monkeypatch.setattr(made.index, "_embeddings", lambda: of_openai(openai))
    for entry in SHOP:
        made.library.write(entry)
    made.index.build()
    setattr(openai, failure, True)
    made.library.write(SHOP[0].__class__(id="lamps", question="Which bulb fits the Aurora lamp?", answer="E27."))
    with pytest.raises(SilentEmbeddings):
        made.index.build()
    known = next(entry for entry in SHOP if entry.id == "delivery")
    assert made.retriever().search(known.question, lang=known.lang)[0].entry.id == "delivery"
    assert made.retriever().search("what does delivery cost me?")[0].entry.id == "delivery"
    assert made.index.trouble and "without their meaning" in made.index.trouble
    asked = len(openai.paths)
    ((found, *_), _) = made.retriever().find(["what does delivery cost me?", "and for a lamp?"])
    assert found.entry.id == "delivery"
    assert len(openai.paths) - asked == 1  # of two readings one is waited for
    assert made.retriever().nearest("lamp", ["bulb", "sofa"]) == 0
    assert not made.retriever().closeness("thank you", ("thanks", "hello")).any()
    assert len(openai.paths) - asked == 1
    setattr(openai, failure, False)
    made.index.build()
    assert made.retriever().search("bulb for the aurora lamp")[0].entry.id == "lamps"
    assert made.index.trouble is None

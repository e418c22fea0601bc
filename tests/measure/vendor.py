"""A vendor of two models on a real connection: a large one that quotes the entry that is right, and a small one that
says what SmolLM2 said. It counts every token of a prompt and of a reply, and bills both whole."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from tokenizers import Tokenizer

from agent.models.chat_model import TooLong, openai_compatible
from agent.models.clauses import whole_sentences
from agent.models.prompt import REFUSAL
from agent.usage import Unit, Usage
from knowledge.answers.notation import on_page
from knowledge.entry import Entry
from tests.bad_model_server import Asked, says
from tests.model_server import MODEL, ModelServer

SENTENCES = 3
"""As many as the rules ask for."""
ANSWERING_AT_MOST_S = 900
Prompt = Sequence[tuple[str, str]]
"""Role and text pairs, as agent.models.prompt makes them."""
_VERDICT = re.compile(r"^\s*(?:(?:Yes|No)[,.]\s*|(?:可以|不可以|能|不能|会|不会|有|没有|是的|不是)[，。])")
"""It replies to the entry's own question; this one may be put the other way round."""
_ROLES = {"system": "system", "user": "human", "assistant": "ai"}


@dataclass
class SmallModel:
    """SmolLM2, asked once for each prompt; what it said is kept, so that the next run is quick and the same."""

    record: Path
    _said: dict[str, str] = field(default_factory=dict)
    _server: ModelServer | None = None

    def __post_init__(self) -> None:
        if self.record.exists():
            self._said = json.loads(self.record.read_text(encoding="utf-8"))

    async def says(self, prompt: Prompt) -> str:
        key = sha256(json.dumps(prompt).encode()).hexdigest()
        if key not in self._said:
            self._said[key] = await self._ask(prompt)
            self.record.parent.mkdir(parents=True, exist_ok=True)
            self.record.write_text(json.dumps(self._said), encoding="utf-8")
        return self._said[key]

    async def _ask(self, prompt: Prompt) -> str:
        if self._server is None:
            self._server = await asyncio.to_thread(lambda: ModelServer(threads=1))
        model = openai_compatible(
            base_url=self._server.url, model=MODEL, api_key="none", vendor="local", timeout_s=ANSWERING_AT_MOST_S
        )
        said = ""
        try:
            async for piece in model.stream(list(prompt), meter=lambda _: None, now=lambda: datetime.now(UTC)):
                said += piece
        except TooLong:
            pass  # it knows no end; as far as it came it is billed
        return said

    def close(self) -> None:
        if self._server:
            self._server.kill()


@dataclass
class Vendor:
    """The reply of a BadModelServer."""

    name: str
    """As the price book spells it."""
    large: str
    entries: Sequence[Entry]
    tokenizer: Tokenizer
    small_model: SmallModel | None = None
    right: frozenset[str] = frozenset()
    """The entries that answer the question being asked: what a model that knows would quote."""
    billed: list[Usage] = field(default_factory=list)

    async def reply(self, asked: Asked) -> None:
        model = asked.body["model"]
        prompt = [(_ROLES[said["role"]], said["content"]) for said in asked.body["messages"]]
        if model == self.large:
            said = self._quoted(prompt)
        else:
            assert self.small_model is not None, f"nobody speaks for {model}"
            said = await self.small_model.says(prompt)
        self.bill(model, prompt, said)
        await says(*said.splitlines(keepends=True))(asked)

    def bill(self, model: str, prompt: Prompt, said: str) -> None:
        self._count(model, "input_token", "\n".join(text for _, text in prompt))
        self._count(model, "output_token", said)

    def calls(self, model: str) -> int:
        return sum(used.model == model and used.unit == "input_token" for used in self.billed)

    def _quoted(self, prompt: Prompt) -> str:
        shown = "\n".join(text for role, text in prompt if role == "human")
        for entry in self.entries:
            text = on_page(entry.answer)
            if entry.id in self.right and f"{entry.question}\n{text}" in shown:
                cut = whole_sentences()
                sentences = [one for one in (*cut.feed(text), *cut.flush()) if "![" not in one]
                return _VERDICT.sub("", "".join(sentences[:SENTENCES]), count=1)
        return REFUSAL

    def _count(self, model: str, unit: Unit, text: str) -> None:
        tokens = len(self.tokenizer.encode(text, add_special_tokens=False).ids)
        self.billed.append(Usage("llm", self.name, model, unit, Decimal(tokens), datetime.now(UTC)))

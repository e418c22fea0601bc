"""Every setting, read once from the environment and `.env`; nothing else in Dime looks at the environment."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Each field is the variable DIME_<NAME>; every default works offline and without a key."""

    model_config = SettingsConfigDict(env_prefix="DIME_", env_file=".env", extra="ignore", env_ignore_empty=True)

    home: Path = ROOT / "var"
    """Where all state lies: database, secret, fitted index."""
    cache: Path = ROOT / ".cache"
    """Where weights, vectors and rendered speech lie; may be shared by several homes."""
    host: str = "127.0.0.1"
    port: int = 8000
    database: str | None = None
    """SQLAlchemy URL; the default is SQLite in the home."""

    company: str = "Alder & Finch"
    time_zone: str = "America/Los_Angeles"
    currency: str = "USD"
    hours: str = ""
    """When people are there, in the company's time zone: "mon-fri 09:00-18:00; sat 10:00-14:00". Empty: whenever a
    colleague is at the desk."""
    holidays: str = ""
    """Dates on which nobody is there: "2026-12-25, 2027-01-01"."""
    person_topics: str = ""
    """Tags, intents or entries, with commas between, that always go to a person; the tag `person` always does."""
    admin_token: SecretStr | None = None
    """Opens the desk, the reports and the API from elsewhere than this machine."""

    embeddings: str = "bundled"
    """`bundled`; `e5` for its multilingual half alone; or module:name of a class or function without arguments that
    gives any LangChain Embeddings."""
    vector_store: str = ""
    """Where texts are compared by meaning: in memory; `pgvector`; or module:function, which gets LangChain Embeddings
    and gives any LangChain VectorStore."""
    vector_store_url: str | None = None
    """PostgreSQL for `pgvector`, where DIME_DATABASE is none."""
    whisper: str = "base"
    """Speech to text: `base`, a folder, a hub model or the URL of a transcription server."""
    piper_en: str = ""
    """Another English voice: a Piper .onnx file, or the URL of a speech server."""
    kokoro_style: str = "jf_alpha"
    """Timbre of the Mandarin voice: jf_alpha or jm_kumo."""

    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("DIME_OPENAI_API_KEY", "OPENAI_API_KEY")
    )
    """Adds OpenAI's model where no other is named."""
    llm_base_url: str | None = None
    """Any OpenAI-compatible server."""
    llm_model: str | None = None
    llm_api_key: SecretStr | None = None
    llm_vendor: str | None = None
    """The vendor's id in the price book; guessed from the URL, `local` for a loopback address."""
    llm_timeout_s: float = 20.0
    llm_quality: float = Field(default=0.9, gt=0, le=1)
    """Assumed: how often an answer that the guard lets out is right; steers the router."""
    llm_large_base_url: str | None = None
    """The second model of the cascade; the first one's server where only a model is named."""
    llm_large_model: str | None = None
    llm_large_api_key: SecretStr | None = None
    llm_large_vendor: str | None = None
    llm_large_timeout_s: float = 20.0
    llm_large_quality: float = Field(default=0.9, gt=0, le=1)
    day_cap: Decimal | None = Field(default=None, ge=0)
    """What models may cost in a day, in the company's currency; then verbatim answers go on."""
    conversation_cap: Decimal | None = Field(default=None, ge=0)
    chat_first_words_ms: int = Field(default=600, ge=300, le=10_000)
    """By chat, when the first words are due; a model has 200 less."""
    tracing: bool = False
    """Lets LangSmith's own variables take effect; off, conversations leave by nobody's accident."""

    tools: str = "demo"
    """`demo`: the demo shop's, while its knowledge is on the shelf; `none`; or a TOML file that names tools."""
    tool_timeout_s: float = Field(default=5.0, gt=0)
    """Patience with a tool, before a person is offered."""

    baseline: str = "us_median_loaded"
    """Which human baseline the report compares with; `dime roi baselines` lists them."""
    prices: Path | None = None
    """A TOML file whose prices go before the built-in ones."""
    wrong_answer_cost: float = 12.0
    """Assumed loss behind one wrong answer, in the company's currency; steers the router."""
    ask_back: bool = True
    """Whether a question that nothing surely answers is asked back about before a person is offered."""
    claim: float = 10.0
    """The ratio under test."""
    conversation_timeout_minutes: int = 30
    """Silence after which a conversation is closed."""
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _absolute(self) -> Self:
        self.home, self.cache = self.home.resolve(), self.cache.resolve()
        return self

    @cached_property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'dime.sqlite'}"

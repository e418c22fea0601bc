"""Every setting, read once from the environment and `.env`; nothing else in Dime looks at the environment."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.costs import ASSUMED_QUALITY

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
    embeddings_vendor: str | None = None
    """Who bills for them, in the price book; else by the model's address or its LangChain package."""
    vector_store: str = ""
    """Where texts are compared by meaning: in memory; `pgvector`; or module:function, which gets LangChain Embeddings
    and gives any LangChain VectorStore."""
    vector_store_url: str | None = None
    """PostgreSQL for `pgvector`, where DIME_DATABASE is none."""
    whisper: str = "base"
    """Speech to text: `base`, a folder, a hub model or the URL of a transcription server."""
    piper_en: str = ""
    """Another English voice: a Piper .onnx file, or the URL of a speech server."""
    speech_vendor: str | None = None
    """Who bills for the speech servers, in the price book; else by their addresses."""
    kokoro_style: str = "jf_alpha"
    """Timbre of the Mandarin voice: jf_alpha or jm_kumo."""
    render_ahead: bool = True
    """A server speaks phrases and answers ahead of time, while no call is live, and keeps the speech in DIME_CACHE."""

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
    llm_quality: float = Field(default=ASSUMED_QUALITY, gt=0, le=1)
    """Assumed: how often an answer that the guard lets out is right; steers the router."""
    llm_large_base_url: str | None = None
    """The second model of the cascade; the first one's server where only a model is named."""
    llm_large_model: str | None = None
    llm_large_api_key: SecretStr | None = None
    llm_large_vendor: str | None = None
    llm_large_timeout_s: float = 20.0
    llm_large_quality: float = Field(default=ASSUMED_QUALITY, gt=0, le=1)
    day_cap: Decimal | None = Field(default=None, ge=0)
    """What models may cost in a day, in the company's currency; then verbatim answers go on."""
    conversation_cap: Decimal | None = Field(default=None, ge=0)
    chat_first_words_ms: int = Field(default=600, ge=300, le=10_000)
    """By chat, when the first words are due; a model has 200 less."""
    tracing: bool = False
    """Lets LangSmith's own variables take effect; off, conversations leave by nobody's accident."""

    calls_most: int = Field(default=20, ge=0)
    """Calls at once; whoever calls then hears that all lines are taken. 0 opens no speech engines at all."""
    transfer_to: str = ""
    """Where a call goes that is handed over to a person: a number or `queue:NAME`, or one for each language."""
    public_url: str | None = None
    """This server's address as the telephone company sees it, such as https://voice.example.com."""
    twilio_auth_token: SecretStr | None = None
    """With it, Twilio's requests are believed by their signature; without, only this machine is."""
    audiosocket_host: str = "127.0.0.1"
    """The protocol has no authentication."""
    audiosocket_port: int = Field(default=9092, ge=0, le=65_535)
    """0 turns it off."""

    tools: str = "demo"
    """`demo`: the demo shop's, while its knowledge is on the shelf; `none`; or a TOML file that names tools."""
    tool_timeout_s: float = Field(default=5.0, gt=0)
    """Patience with a tool, before a person is offered."""

    baseline: str = "us_median_loaded"
    """Which human baseline the report compares with; `dime roi baselines` lists them."""
    baselines: Path | None = None
    """A TOML file of the company's own figures, which go before those of the library."""
    prices: Path | None = None
    """A TOML file whose prices go before the built-in ones."""
    wrong_answer_cost: float = 12.0
    """Assumed loss behind one wrong answer, in the company's currency; steers the router."""
    ask_back: bool = True
    """Whether a question that nothing surely answers is asked back about before a person is offered."""
    claim: float = 10.0
    """The ratio under test."""
    audit_share: float = Field(default=0.02, ge=0, le=1)
    """Share of answers, and of contacts that ended in silence, drawn to be graded by colleagues; of few, about a
    hundred in 31 days."""
    holdout_share: float = Field(default=0.0, ge=0, lt=1)
    """Share of customers who meet a person first, so that the report can compare; 0 is no experiment."""
    holdout_seed: str = "1"
    """Another seed is another experiment, with other customers in it."""
    return_days: int = Field(default=7, ge=1, le=90)
    """A customer who is back with the same matter within so many days was not helped for good."""
    escalation_multiplier: Decimal = Field(default=Decimal("1.1"), gt=0)
    """Assumed: a person's time on what the AI hands over, over that on any other contact."""
    human_lasting: float = Field(default=1.0, gt=0, le=1)
    """Assumed: the share of people's resolutions after which nobody comes back."""
    wrong_limit: float = Field(default=0.05, gt=0, lt=1)
    """The share of answers that may be wrong before no ratio is confirmed."""
    satisfaction_margin: float = Field(default=0.2, gt=0)
    """How much lower, of 5, the AI may be rated than people before no ratio is confirmed."""
    conversation_timeout_minutes: int = 30
    """Silence after which a conversation is closed."""
    record_calls: Literal["off", "on", "ask"] = "off"
    """`on` records calls whose callers do not object to the announcement, `ask` those whose callers say yes."""
    recording_days: int = Field(default=30, ge=1)
    """After so many days a recording is deleted."""
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _absolute(self) -> Self:
        self.home, self.cache = self.home.resolve(), self.cache.resolve()
        return self

    @cached_property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'dime.sqlite'}"

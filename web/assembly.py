"""Makes the real services from the settings: the one place that chooses databases, engines and models."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from agent.embedding import EmbeddingMeter
from knowledge.library import Library
from knowledge.matching.bundled import BundledEmbeddings
from knowledge.matching.embeddings import Embeddings
from knowledge.reading.documents import read_document
from knowledge.rows import Company
from roi.people.baselinefile import choose
from roi.pricing.prices import PriceBook, price_book
from web.answering.errands import Errands
from web.answering.index import LiveIndex
from web.answering.language_models import cascade
from web.answering.vector_store import vector_store
from web.books.bookkeeping import Bookkeeper
from web.books.spending import Spending
from web.database import open_database
from web.naming import SettingError, named
from web.services import Services
from web.settings import ROOT, Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

DEMO_KNOWLEDGE = tuple(ROOT / "knowledge" / "demo" / name for name in ("en.csv", "zh.csv"))
DEMO_HISTORY = ROOT / "knowledge" / "demo" / "history.csv"


def assemble(settings: Settings, *, now: Callable[[], datetime] | None = None) -> Services:
    """Blocking and quick: the index is built later, by whoever needs it. `now` is for those who play another time."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.tracing:
        os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    engine = open_database(settings.database_url, lock_folder=settings.home)
    _name_company(engine, settings)
    library = Library(engine)
    errands = Errands(settings, library)
    prices = _prices(settings)
    now = now or (lambda: datetime.now(UTC))
    spending = Spending(
        engine,
        zone=settings.time_zone,
        now=now,
        day_cap=settings.day_cap,
        conversation_cap=settings.conversation_cap,
    )
    books = Bookkeeper(engine, prices=prices, currency=settings.currency, spending=spending)
    return Services(
        settings=settings,
        engine=engine,
        library=library,
        index=LiveIndex(
            library,
            embeddings=lambda: embeddings(settings),
            cache=settings.cache,
            asked=EmbeddingMeter(vendor=settings.embeddings_vendor, beside=books.beside).asked,
            store=lambda model: vector_store(settings, model),
            beside=errands.beside,
        ),
        books=books,
        baseline=choose(settings.baseline, *own_files(settings)),
        prices=prices,
        cascade=cascade(settings, prices=prices, now=now),
        errands=errands,
        now=now,
    )


def seed_demo(services: Services) -> bool:
    """Puts the demo company's knowledge on an empty shelf, so that the first question has an answer."""
    if services.library.version() > 0:
        return False
    for path in DEMO_KNOWLEDGE:
        services.library.add(read_document(path), demo=True)
    return True


def embeddings(settings: Settings) -> Embeddings:
    """The bundled ones, or any LangChain Embeddings by module:name. Raises SettingError or MissingEmbeddings."""
    if settings.embeddings in ("bundled", "e5"):
        return BundledEmbeddings(settings.cache, alone=settings.embeddings == "e5")
    kind = "`bundled`, `e5` or module:name of a class or function that gives LangChain Embeddings"
    make = named("DIME_EMBEDDINGS", settings.embeddings, kind=kind)
    try:
        chosen: Embeddings = make()
    except Exception as error:  # vendors' classes raise what they like
        raise SettingError(f"DIME_EMBEDDINGS={settings.embeddings} cannot be made ({error}); it is {kind}") from error
    if not (hasattr(chosen, "embed_query") and hasattr(chosen, "embed_documents")):
        raise SettingError(f"DIME_EMBEDDINGS={settings.embeddings} gives no LangChain Embeddings; it is {kind}")
    return chosen


def own_files(settings: Settings) -> list[Path]:
    """Of human baselines."""
    return [settings.baselines] if settings.baselines else []


def _prices(settings: Settings) -> PriceBook:
    return price_book(settings.prices) if settings.prices else price_book()


def _name_company(engine: "Engine", settings: Settings) -> None:
    with Session(engine) as session:
        row = session.get(Company, "default") or Company(id="default", name=settings.company)
        wanted = {"name": settings.company, "time_zone": settings.time_zone, "currency": settings.currency}
        if any(getattr(row, field) != value for field, value in wanted.items()) or row not in session:
            for field, value in wanted.items():
                setattr(row, field, value)
            session.add(row)
            session.commit()

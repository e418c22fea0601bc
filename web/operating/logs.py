"""Logs go to stderr as events with fields; never a customer's words."""

import logging
import sys
from typing import TextIO, cast

import structlog
from structlog.typing import Processor

SHARED: tuple[Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
RENDERED = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])


class Stderr:
    """The one there is when something is written: it may be another than when logs were set up."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def set_up_logs(level: str) -> None:
    threshold = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    handler = logging.StreamHandler(cast(TextIO, Stderr()))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *SHARED],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, RENDERED],
        )
    )
    logging.basicConfig(level=threshold, handlers=[handler])
    for chatty in ("bm25s", "httpx", "httpcore", "faster_whisper"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*SHARED, RENDERED],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Stderr())),
        cache_logger_on_first_use=True,
    )

"""What goes wrong is told with its fields, whoever tells it."""

import subprocess
import sys

TELLING = """
import logging, structlog
from web.operating.logs import set_up_logs
set_up_logs("INFO")
logging.getLogger("voice.pool").warning("synthesizer_failed", extra={"voice": "joe"})
structlog.get_logger().info("rendered_ahead", clauses=3)
"""


def test_a_librarys_logger_and_our_own_tell_events_with_fields() -> None:
    done = subprocess.run([sys.executable, "-c", TELLING], capture_output=True, text=True, check=True)
    one, other = done.stderr.splitlines()
    assert one.endswith("level=warning event=synthesizer_failed logger=voice.pool voice=joe")
    assert other.endswith("level=info event=rendered_ahead clauses=3")

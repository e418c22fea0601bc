"""A small site on a real local server, which answers each path as it is told to and remembers what it was asked."""

import gzip
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from knowledge.reading.fetching import Fetcher, Patience

Answer = Callable[[BaseHTTPRequestHandler], None]
QUICK = Patience(connect_s=5, read_s=5, page_s=10, pause_s=0.5, retry_s=2)


def page(question: str, answer: str = "Yes, we do.", *, links: tuple[str, ...] = (), head: str = "") -> str:
    anchors = "".join(f'<a href="{link}">more</a>' for link in links)
    return f"<html><head>{head}</head><body>{anchors}<h1>{question}</h1><p>{answer}</p></body></html>"


def sends(body: str | bytes, *, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    content = body.encode() if isinstance(body, str) else body

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def redirects(to: str) -> Answer:
    return sends("", status=302, Location=to)


def fails(status: int, **headers: str) -> Answer:
    return sends("no", status=status, **headers)


def fails_once(status: int, then: Answer, **headers: str) -> Answer:
    answers = [fails(status, **headers)]

    def answer(request: BaseHTTPRequestHandler) -> None:
        (answers.pop() if answers else then)(request)

    return answer


def never_ends(piece: bytes, *, pieces: int, kind: str = "text/html", **headers: str) -> Answer:
    """Sends without saying how much, so that only counting stops it."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", kind)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        for _ in range(pieces):
            request.wfile.write(piece)

    return answer


def bomb(megabytes: int) -> Answer:
    return sends(gzip.compress(b"\0" * megabytes * 1_000_000), Content_Encoding="gzip")


def hangs(site: "WebSite") -> Answer:
    def answer(_: BaseHTTPRequestHandler) -> None:
        site.closing.wait(20)

    return answer


class WebSite:
    """`site["/page"] = sends(...)`; an unknown path is a 404."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.closing = threading.Event()
        """For answers that wait until the test is over."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.agents.add(self.headers["User-Agent"])
                try:
                    site._answers.get(self.path, fails(404))(self)
                except (BrokenPipeError, ConnectionResetError):
                    site.hung_up = True

            def log_message(self, *_: object) -> None:
                return None

        self.hung_up = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"

    def __setitem__(self, path: str, answer: Answer | str) -> None:
        self._answers[path] = sends(answer) if isinstance(answer, str) else answer

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class Pauses:
    """Stands where asyncio.sleep stands: notes the pause and takes none."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def fetcher(*, patience: Patience = QUICK, pauses: Pauses | None = None) -> Fetcher:
    """As the operator's command line has it, in no hurry and without waiting."""
    return Fetcher(public_only=False, patience=patience, sleep=pauses or Pauses())

"""What is wrong with a client's event, in the protocol's words; the connection lives on."""

from typing import Literal

Kind = Literal["invalid_request_error", "server_error"]


class Problem(Exception):
    def __init__(
        self,
        message: str,
        *,
        code: str,
        param: str | None = None,
        event_id: str | None = None,
        kind: Kind = "invalid_request_error",
    ) -> None:
        """`event_id` is the client's own, where it sent one."""
        super().__init__(message)
        self.code = code
        self.param = param
        self.event_id = event_id
        self.kind = kind

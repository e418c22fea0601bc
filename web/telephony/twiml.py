"""What Twilio is to do with a call, in its own XML."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from web.telephony.transfer import QUEUE

HANG_UP = "<Hangup/>"


def response(*verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{"".join(verbs)}</Response>'


def connect(stream: str, parameters: Mapping[str, str]) -> str:
    """Talks over a socket until that is closed; then the verb behind it is done."""
    told = "".join(
        f"<Parameter name={quoteattr(name)} value={quoteattr(value)}/>" for name, value in parameters.items()
    )
    return f"<Connect><Stream url={quoteattr(stream)}>{told}</Stream></Connect>"


def redirect(address: str) -> str:
    return f'<Redirect method="POST">{escape(address)}</Redirect>'


def pass_on(target: str) -> str:
    """To a number, a SIP address or a queue of Twilio's."""
    if target.startswith(QUEUE):
        return f"<Enqueue>{escape(target.removeprefix(QUEUE))}</Enqueue>"
    kind = "Sip" if target.startswith(("sip:", "sips:")) else "Number"
    return f"<Dial><{kind}>{escape(target)}</{kind}></Dial>"

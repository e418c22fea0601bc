"""What each way of answering costs, as the books tell it: what the router weighs by (ROI method, section 7)."""

from dataclasses import dataclass, field

ASSUMED_QUALITY = 0.93
"""How often a model's released answer is right once the right entry is before it: the method's worked figure, until
thumbs are given. SmolLM2 with 135 million parameters came to 0.81 of 67."""


@dataclass(frozen=True)
class Asking:
    """What a clarifying question costs beside the answer it leads to; all assumed, until the books know better."""

    own: float = 0.05
    """c_q, of each entry that it names: somebody reads or hears it."""
    leaves: float = 0.03
    """How often a customer leaves rather than choose what they meant..."""
    leaves_else: float = 0.4
    """... and where it is not among the choices; a is between the two."""
    comes_back: float = 0.5
    """How many of those who leave take up a person's time later; the others are lost as after a wrong answer."""
    then_p: float = 0.95
    """How often the entry they chose answers them."""
    most: int = 3
    """Entries that one question may name: the ear keeps fewer than the eye sees."""
    sees: float = 0.0
    """How often a customer whose entry stands beside a wrong answer takes it up; nothing stands there for the ear."""

    def leaving(self, costs: "Costs") -> float:
        """A: what one who leaves costs."""
        return self.comes_back * costs.handoff + (1 - self.comes_back) * costs.wrong_answer


ASKED_BY_EYE = Asking(most=5, sees=0.7)
ASKED_BY_EAR = Asking()


@dataclass(frozen=True)
class ModelCost:
    name: str
    call: float = 0.0
    """The prompt's tokens and those of a usual answer."""
    quality: float = ASSUMED_QUALITY
    """How often what it says and the guard lets out is right, when the right entry is among its passages."""
    released: float = 1.0
    """How often it answers in time and the guard lets it out; else it is paid for, and the next best action follows."""


@dataclass(frozen=True)
class Costs:
    """What decides, in the company's currency; made by the books and refreshed by them."""

    wrong_answer: float
    """L: the repeat contact, refund, liability and lost customer behind one wrong answer."""
    handoff: float
    """c_H: one contact with a person."""
    handoff_p: float = 0.97
    """p_H: how often the person is right."""
    verbatim: float = 0.0
    models: tuple[ModelCost, ...] = ()
    """Those that may be called now."""
    asking: Asking | None = field(default_factory=Asking)
    """None never asks back."""


def threshold(costs: Costs) -> float:
    """p*: from this probability on, a verbatim answer costs less than handing over. Zero or below: L is set too low."""
    return costs.handoff_p - (costs.handoff - costs.verbatim) / costs.wrong_answer


def expected(own: float, *, p: float, loss: float) -> float:
    """What an action costs with what it costs to be wrong."""
    return own + (1 - p) * loss

"""The clarifying question: names the entries that may be meant, and understands which of them the customer chose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.telling.lead_words import lead_word
from agent.telling.left_open import LeftOpen, Offer
from agent.understanding.courtesy import courtesy
from agent.understanding.replies import answers_yes, bare, choice_of
from knowledge.entry import Entry

_BOTH = re.compile(
    r"^(?:both|all|all of (?:them|these)|both of (?:them|these)|all three|两个都是|都是|都要|都想知道|全部)$"
)
_NONE = re.compile(
    r"^(?:(?:no|nope|nah|sorry|hm+|er|um|actually|i'm afraid|i think|it's|that's|it is|that is) )*"
    r"(?:no|nope|(?:none|neither|not any|not one|not either|no one)(?: of (?:them|these|those|this|that|the above"
    r"|the options|the two|your (?:options|suggestions)))?|not (?:really|these|those|this|that|quite|right|it)"
    r"|(?:not|isn't|that isn't|that's not|these aren't|they aren't) (?:what i (?:mean|meant|want|wanted|need|asked"
    r"|was asking)|my question|the right ones?)|(?:all|both|these are|they are|they're all|all of (?:them|these) are)"
    r" (?:all )?(?:wrong|not right)|(?:something|anything|another|some other) ?(?:else|different|thing|question)?"
    r"|others?|i (?:mean|meant|want|need) something (?:else|different))"
    r"(?: (?:fits?|match(?:es)?|is|are|does|do|really|please|right|correct|helps?|works?|apply|applies"
    r"|what i (?:mean|meant|want|wanted|need|asked|was asking)(?: for| about)?|my question|sorry))*$"
    r"|^(?:不|不是)?(?:我[要问说]的)?(?:以上|这些|这几个|这两个|上面这?些?的?|那些|两个|几个|这三个)?的?(?:答案|选项|问题)?"
    r"(?:全部?|都|全都|一个都|哪个都|没有一个)?(?:不是|不对|不符合?|没有|错|不行|不合适|对不上|是)?"
    r"(?:我想?[问要说找]的|我的(?:意思|问题)|想要的|对的|符合的)?[了啊呢的]?$"
)
_DENIES = re.compile(
    r"\b(?:no|nope|nah|none|neither|not|wrong|else|other|others|different|another|isn't|aren't)\b"
    r"|[不没错]|其[他它]|别的"
)
_UNSURE = re.compile(
    r"^(?:sorry |hm+ |er |um )?(?:i )?(?:really )?(?:don't|do not) know(?: which(?: one)?)?$"
    r"|^(?:i'm )?not sure(?: which(?: one)?)?$"
    r"|^(?:我)?(?:也)?(?:不知道|不清楚|不确定)(?:是?哪一?个)?[啊呢了]?$"
)
_LAST = re.compile(r"^(?:the |that )?(?:last|bottom)(?: one| option| choice)?$|^最后(?:一个|那个|一项)$")
_ASIDE = re.compile(r"\b(?:other|others|another|else|different|know|sure)\b|[别另]|其[他它]|知道|清楚|确定")
"""Another matter, or doubt: no complaint."""
_OTHER = re.compile(r"^(?:其[他它]|别的|另外)(?:的|问题|事情?)*$")
_ANOTHER = re.compile(
    r"^(?:(?:i|i've|i'd|we) (?:have|got|want|need|like) (?:to ask )?)?(?:(?:something|anything) (?:else|different)"
    r"|(?:another|a different|some other|one more) (?:question|thing|matter))(?: please)?$"
    r"|^(?:还有|我有)?(?:另外)?(?:一个)?(?:其[他它]|别的)(?:的|问题|事情?)*$"
)


@dataclass(frozen=True)
class Chosen:
    """Without offers: none of them was meant."""

    offers: tuple[Offer, ...]


def offer(
    entries: Sequence[tuple[Entry, float]], before: LeftOpen, *, lang: str, further: tuple[Offer, ...] = ()
) -> LeftOpen:
    """What is left open while the customer chooses; `further` is suggested where it is none of the entries."""
    offered = offers(entries)
    choices = (*(each.label for each in offered), lead_word("something_else", lang=lang))
    return replace(before, asked=None, choices=choices, offered=offered, further=further)


def suggest(suggested: tuple[Offer, ...], before: LeftOpen) -> LeftOpen:
    """What is left open beside the offer of a person."""
    return replace(before, choices=tuple(each.label for each in suggested), suggested=suggested)


def without_suggestions(before: LeftOpen) -> LeftOpen:
    """Said once; whoever does not take them up is not shown them again."""
    return replace(before, choices=(), suggested=()) if before.suggested else before


def offers(entries: Sequence[tuple[Entry, float]]) -> tuple[Offer, ...]:
    return tuple(Offer(entry.id, entry.lang, entry.question, confidence) for entry, confidence in entries)


def taken_up(reply: str, before: LeftOpen) -> Chosen | None:
    """Which of the suggested entries, or none; a bare yes or no is said to the offer of a person."""
    if not before.offers(reply) and courtesy(reply) is not None:
        return None
    if means_none(reply):
        return Chosen(())
    if _LAST.match(bare(reply)):
        return Chosen(before.suggested[-1:])
    at = choice_of(reply, before.choices, agrees=False)
    return None if at is None else Chosen(before.suggested[at : at + 1])


def chosen(reply: str, before: LeftOpen) -> Chosen | None:
    """None where the reply says something else."""
    if means_none(reply):
        return Chosen(())
    if _BOTH.match(bare(reply)):
        return Chosen(before.offered)
    if len(before.offered) == 1 and (agrees := answers_yes(reply)) is not None:
        return Chosen(before.offered if agrees else ())
    if _LAST.match(bare(reply)):
        return Chosen(before.offered[-1:])
    at = choice_of(reply, before.choices)
    if at is None:
        return None
    return Chosen(before.offered[at : at + 1])


def means_none(reply: str) -> bool:
    """ "None of these", "something else", "I don't know which"."""
    plain = bare(reply)
    return bool(_OTHER.match(plain) or _UNSURE.match(plain) or (_NONE.match(plain) and _DENIES.search(plain)))


def announces_another(message: str) -> bool:
    """Where nothing was offered: "something else", "another question" come before the question."""
    return bool(_ANOTHER.match(bare(message)))


def complains(message: str) -> bool:
    """Where nothing was offered: what we said was not it ("none of these", "that's not what I asked")."""
    return means_none(message) and not _ASIDE.search(bare(message))

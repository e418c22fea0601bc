"""What is said where something broke, and what stays open after it: nobody is promised a colleague who is not there."""

from agent.people.attending import People
from agent.people.call_back import CallBack
from agent.people.words import joined, sentence
from agent.telling.left_open import LeftOpen
from agent.telling.phrases import phrase
from agent.turn import Turn, Who


def technical_words(people: People, who: Who, *, lang: str, has_caller_id: bool) -> str:
    """By voice a call-back is offered where nobody can take over; a chat has a form for it."""
    if who.channel == "chat" or people.is_staffed(who):
        return phrase("technical", lang=lang)
    offer = people.offered_call_back(has_caller_id=has_caller_id, lang=lang)
    return joined(sentence("technical_alone", lang=lang), offer, lang=lang)


def awaits_call_back(people: People, turn: Turn) -> bool:
    """Whether these words have offered one; then the next reply arranges it."""
    if turn.who.channel == "chat" or people.is_staffed(turn.who):
        return False
    turn.left_open = LeftOpen(known=turn.left_open.known, call_back=CallBack())
    return True

"""A message's sentences and the questions in it: people tell a story before they ask, and ask two things at once."""

import re

MOST_PARTS = 6
"""Of a longer message the last ones: the question comes at the end."""
_ASKING = r"(?:(?:how|what|when|where|who)s?|which|why|is|are|do|does|did|can|could|will|would|may|should|am|was)\b"
"""Words that begin a question."""
_ENDS = re.compile(r"(?<=[?？!！。;；\n])|(?<=[.…])\s+(?!\d)")
_AND_ASKS = re.compile(
    rf"[,;]?\s+(?:and|also|but|plus)\s+(?:also\s+|then\s+)?(?={_ASKING})"
    r"|[,,、]?\s*(?:还有|另外|以及|顺便问一下|顺便|然后)[,,]?(?=.{3,})",
    re.IGNORECASE,
)
_COMMA = re.compile(r"(?<=[\u3400-\u9fff])(?:[,,]\s*|\s+)(?=[\u3400-\u9fff])")
_ASKS = re.compile(
    r"多少|多久|几|怎么|什么|哪|吗|能不能|可不可以|要不要|是不是|(?<=[\u3400-\u9fff])[不没][啊呀呢]?\W*$"
)
_QUESTION = re.compile(
    rf"[?？]|^\W*(?:(?:and|but|so|or|then|also|ok|okay|well)\W+)*{_ASKING}|{_ASKS.pattern}", re.IGNORECASE
)
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+", re.UNICODE)
_FEWEST_WORDS = 2
_COURTESY = re.compile(
    r"^\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|dear (?:team|sir|all)|thanks|thank you|please|sorry"
    r"|excuse me|quick question|i have a question|question)\b(?: there| all| everyone| team| so much)?|您好|你好"
    r"|请问一下|请问|问一下|想问下|打扰了|麻烦问下)[\s,.!:,。!:、]*",
    re.IGNORECASE,
)


def parts(text: str) -> list[str]:
    """Each with at least two words, courtesies left off; one part where the message is one question."""
    pieces = [piece for sentence in _ENDS.split(text) for part in _AND_ASKS.split(sentence) for piece in _clauses(part)]
    bared = [without_courtesy(piece) for piece in pieces if piece]
    return [piece for piece in bared if len(_WORD.findall(piece)) >= _FEWEST_WORDS][-MOST_PARTS:]


def asking(pieces: list[str]) -> list[str]:
    """Where some of them ask and some tell, what is told belongs to the question behind it."""
    asks = [bool(_QUESTION.search(piece)) for piece in pieces]
    if not any(asks) or all(asks):
        return pieces
    found, told = list[str](), list[str]()
    for piece, is_question in zip(pieces, asks, strict=True):
        if is_question:
            found += [piece, " ".join([*told, piece])] if told else [piece]
            told = []
        else:
            told.append(piece)
    return found


def _clauses(sentence: str) -> list[str]:
    """Of a Chinese sentence those that each ask something: 上门取件多少钱,钱多久退."""
    clauses = _COMMA.split(sentence)
    return clauses if sum(bool(_ASKS.search(clause)) for clause in clauses) > 1 else [sentence]


def without_courtesy(text: str) -> str:
    """Without a greeting in front."""
    before = None
    while before != text:
        before, text = text, _COURTESY.sub("", text, count=1)
    return text.strip()

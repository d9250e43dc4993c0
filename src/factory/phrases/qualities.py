"""What is said of a value: its type, whether it must be there, what it may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from factory.phrases import vocabulary as words
from factory.phrases.chains import GOING_ON
from factory.phrases.nouns import is_word, starts_with
from factory.phrases.tokens import Token, Tokens
from forge.source.yaml_reader import scalar_value

QUALITIES: Final[dict[str, dict[str, Any]]] = {
    "required": {"required": True}, "mandatory": {"required": True},
    "compulsory": {"required": True}, "optional": {"required": False},
    "unique": {"unique": True}, "immutable": {"immutable": True},
    "read-only": {"immutable": True}, "unchangeable": {"immutable": True},
    "secret": {"sensitive": True}, "sensitive": {"sensitive": True},
    "confidential": {"sensitive": True}, "positive": {"constraints": {"min": 0}},
}  # fmt: skip
"""Words beside a name, and the keys that they come to."""
_FILLERS = frozenset(
    {"is", "are", "which", "that", "must", "should", "be", "with", "has", "to", "always", "a", "an",
     "also", "it", "can", "will", "and", "but", "of", "in", "value", "values", "being"}
)  # fmt: skip
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_TYPES = tuple(tuple(name.split()) for name in words.TYPES)
_CHOICES = (
    ("one", "of"), ("either",), ("any", "of"), ("with", "values"), ("with", "the", "values"),
    ("chosen", "from"), ("can", "be"), ("being",), ("values",), ("is",),
)  # fmt: skip
_BOUNDS: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("at", "least"): ("min",), ("minimum",): ("min",), ("min",): ("min",), ("from",): ("min",),
    ("at", "most"): ("max",), ("maximum",): ("max",), ("max",): ("max",), ("up", "to"): ("max",),
    ("between",): ("min", "max"), ("greater", "than"): ("min",), ("less", "than"): ("max",),
    ("max", "length"): ("max",), ("a", "maximum", "of"): ("max",), ("no", "more", "than"): ("max",),
    ("a", "minimum", "of"): ("min",),
}  # fmt: skip
_NOT_NEGATIVE = (
    ("cannot", "be", "negative"), ("not", "be", "negative"), ("not", "negative"),
    ("never", "negative"), ("can", "not", "be", "negative"), ("can't", "be", "negative"),
    ("never", "be", "negative"),
)  # fmt: skip
_LENGTHS = frozenset({"characters", "chars", "letters", "character", "long"})
_MOST = 12


@dataclass(slots=True)
class Tail:
    """What follows a name, where it ends, and what of it is not understood."""

    keys: dict[str, Any]
    end: int
    left: list[Tokens] = field(default_factory=list)


def tail(tokens: Tokens, at: int, keys: dict[str, Any]) -> Tail:
    """Read what is said behind a name, up to the next item."""
    said = Tail(dict(keys), at)
    while said.end < len(tokens) and not _is_next_item(tokens, said):
        before = said.end
        if tokens[before].text in _CLOSING:
            inner = group(tokens, before)
            _inside(inner, said)
            said.end = min(before + len(inner) + 2, len(tokens))
        elif not _quality(tokens, said):
            end = before + 1
            while end < len(tokens) and tokens[end].word not in (",", "and", "("):
                end += 1
            said.left.append(tokens[before:end])
            said.end = end
    return said


def _is_next_item(tokens: Tokens, said: Tail) -> bool:
    """Whether the item is over: a comma or an `and` that no quality follows."""
    at = said.end
    if tokens[at].word not in (",", "and", "&", "plus", "but"):
        return False
    if at + 1 >= len(tokens):
        return False
    word = tokens[at + 1].word
    ends = at + 2 >= len(tokens) or tokens[at + 2].word in (",", "and", ")")
    if word in ("at", "default", "defaults") or (word in QUALITIES and ends):
        said.end = at + 1
        return False
    return True


def group(tokens: Tokens, at: int) -> Tokens:
    """What stands between the bracket at `at` and its counterpart."""
    depth = 0
    for end in range(at, len(tokens)):
        if tokens[end].text in _CLOSING:
            depth += 1
        elif tokens[end].text in _CLOSING.values():
            depth -= 1
            if depth == 0:
                return tokens[at + 1 : end]
    return tokens[at + 1 :]


def _inside(inner: Tokens, said: Tail) -> None:
    """Brackets: qualities, or else the legal values."""
    if not inner:
        return
    trial = Tail(dict(said.keys), 0)
    while trial.end < len(inner):
        if inner[trial.end].text in (",", ";", "/") or inner[trial.end].word == "and":
            trial.end += 1
        elif not _quality(inner, trial):
            break
    if trial.end >= len(inner):
        said.keys = trial.keys
        return
    values, end = _values(inner, 0, inside=True)
    if len(values) > 1 and end >= len(inner):
        said.keys["enum"] = values
    else:
        said.left.append(inner)


def _quality(tokens: Tokens, said: Tail) -> bool:
    """Take one quality; `False` where none stands there."""
    at = said.end
    if tells_choices(tokens, at):
        said.keys["enum"], said.end = _values(tokens, at + 1, inside=False)
        return True
    if taken := starts_with(tokens, at, _CHOICES):
        values, end = _values(tokens, at + taken, inside=False)
        first = tokens[at + taken].word if at + taken < len(tokens) else ""
        if len(values) > 1 and first not in _FILLERS | set(QUALITIES):
            said.keys["enum"] = values
            said.end = end
            return True
    if _default(tokens, said) or _bounds(tokens, said):
        return True
    if taken := starts_with(tokens, at, _NOT_NEGATIVE):
        bounds = {**said.keys.get("constraints", {}), "min": 0}
        said.keys["constraints"], said.end = bounds, at + taken
        return True
    if tokens[at].word in QUALITIES:
        said.keys |= QUALITIES[tokens[at].word]
        said.end = at + 1
        return True
    if tokens[at].text in (":", "=") and _named_values(tokens, said):
        return True
    if tokens[at].text in (":", "=") or is_word(tokens, at, "as", "type"):
        said.end = at + 1
        return at + 1 < len(tokens)
    if taken := starts_with(tokens, at, _TYPES):
        said.keys |= words.TYPES[" ".join(t.word for t in tokens[at : at + taken])]
        said.end = at + taken
        return True
    if tokens[at].word in _FILLERS and at + 1 < len(tokens):
        trial = Tail(dict(said.keys), at + 1)
        if _quality(tokens, trial):
            said.keys, said.end = trial.keys, trial.end
            return True
    return False


def tells_bounds(tokens: Tokens, at: int) -> bool:
    """Whether bounds stand at a place: `a capacity of at most 30`."""
    return _bounds(tokens, Tail({}, at))


def tells_choices(tokens: Tokens, at: int) -> bool:
    """Whether `of` leads to legal values: `a method of card, cash or transfer`."""
    if not at or not is_word(tokens, at, "of"):
        return False
    if tokens[at - 1].word not in words.CHOSEN:
        return False
    values, end = _values(tokens, at + 1, inside=False)
    return len(values) > 1 and any(t.word == "or" for t in tokens[at:end])


def _named_values(tokens: Tokens, said: Tail) -> bool:
    """Legal values behind a colon, where `or` or a bar says that they are ones."""
    values, end = _values(tokens, said.end + 1, inside=False)
    chosen = any(t.word in ("or", "|", "/") for t in tokens[said.end + 1 : end])
    if len(values) > 1 and chosen:
        said.keys["enum"], said.end = values, end
        return True
    return False


def _default(tokens: Tokens, said: Tail) -> bool:
    at = said.end
    if not is_word(tokens, at, "default", "defaults", "defaulting"):
        return False
    at += 1
    while is_word(tokens, at, "to", "is", ":", "=", "value", "of"):
        at += 1
    if at >= len(tokens):
        return False
    said.keys["default"] = _value(tokens[at])
    said.end = at + 1
    return True


def _bounds(tokens: Tokens, said: Tail) -> bool:
    at = said.end
    taken = starts_with(tokens, at, _BOUNDS)
    sides = _BOUNDS[tuple(t.word for t in tokens[at : at + taken])] if taken else ()
    at += taken
    numbers: list[Any] = []
    while at < len(tokens) and (
        tokens[at].kind == "number"
        or (numbers and is_word(tokens, at, "and", "to", "-"))
    ):
        if tokens[at].kind == "number":
            value = _number(tokens[at])
            tied = bool(numbers) and tokens[at].start == tokens[at - 1].end
            numbers.append(abs(value) if tied else value)
        elif at + 1 >= len(tokens) or tokens[at + 1].kind != "number":
            break
        at += 1
    if not numbers or len(numbers) > 2:
        return False
    if len(numbers) == 2:
        sides = ("min", "max")
    lengths = at < len(tokens) and tokens[at].word in _LENGTHS
    if not sides and not lengths:
        return False
    sides = sides[: len(numbers)] or ("max",)
    names = (
        {"min": "minLength", "max": "maxLength"}
        if lengths
        else {"min": "min", "max": "max"}
    )
    bounds = {names[side]: value for side, value in zip(sides, numbers, strict=False)}
    said.keys["constraints"] = {**said.keys.get("constraints", {}), **bounds}
    said.end = at + lengths
    return True


def _values(tokens: Tokens, at: int, *, inside: bool) -> tuple[list[Any], int]:
    """Legal values: words with commas, `or` and `and` between them."""
    found: list[Any] = []
    end, closed = at, False
    while at < len(tokens) and len(found) < 40:
        first = at
        while at < len(tokens) and tokens[at].kind in ("word", "quoted", "number"):
            word = tokens[at].word
            within = word == "in" and at == first and is_word(tokens, at + 1, *GOING_ON)
            if word in ("or", "and") or (
                word in words.STOP and not inside and not within
            ):
                break
            at += 1
        taken = tokens[first:at]
        if not 0 < len(taken) <= 4 or (not inside and _begins_item(taken[0])):
            break
        text = " ".join(t.text.strip('"“”`') for t in taken)
        found.append(_value(taken[0]) if len(taken) == 1 else text)
        end = at
        if closed and not inside and not is_word(tokens, at, "or"):
            break
        while at < len(tokens) and tokens[at].word in (",", "or", "and", "|", "/"):
            closed = closed or tokens[at].word in ("or", "and")
            at += 1
        if at == end:
            break
    if any(isinstance(value, str) for value in found):
        found = [str(value) for value in found]
    return list(dict.fromkeys(found)), end


def _begins_item(token: Token) -> bool:
    """Whether a word begins another item, as an article does."""
    return token.word in words.ARTICLES or token.word in QUALITIES


def _value(token: Token) -> Any:
    if token.kind == "number":
        return _number(token)
    text = token.text.strip('"“”`')
    value = scalar_value(text.lower()) if text else text
    return value if isinstance(value, bool) else text


def _number(token: Token) -> int | float:
    text = token.text.replace(",", "")[:18]
    try:
        return int(text)
    except ValueError:
        pieces = text.split(".")
        return float(".".join(pieces[:2]) if pieces[0] else "0")

"""What a thing has: values with their types and bounds, and other things."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from factory.importers.naming import singular, snake
from factory.phrases import vocabulary as words
from factory.phrases.chains import drawn, has_arrow, told
from factory.phrases.embedded import told_of
from factory.phrases.facts import Context, Fact, Field, Life, Relation, Stretch, stretch
from factory.phrases.nouns import base, is_plural, is_word, name_of, noun, starts_with
from factory.phrases.qualities import (
    QUALITIES,
    Tail,
    group,
    tail,
    tells_bounds,
    tells_choices,
)
from factory.phrases.tokens import Tokens

_BETWEEN = frozenset({",", "and", "&", "plus", "+", "also"})
_ENDS = _BETWEEN | {"(", ")", "[", "]", "{", "}", ":", ";", "=", "|"}
_CLAUSES = frozenset(
    {"has", "have", "are", "was", "were", "belongs", "belong", "goes", "go"}
)
_EXTREMES = frozenset({"maximum", "minimum", "max", "min"})
_TAILS = frozenset(
    {"as", "is", "which", "that", "must", "should", "between", "from", "up", "max", "min",
     "maximum", "minimum", "default", "defaults", "defaulting", "either", "with", "in", "at", "by",
     "to", "can", "may", "where", "who", "when", "per", "on", "for", "through", "whose", "via",
     "but", "or", "so", "because", "if", "whether", "how", "what", "why", "does", "do"}
)  # fmt: skip


def items(
    tokens: Tokens, at: int, context: Context, things: tuple[str, ...], *,
    required: bool | None = None, containing: bool = False,
) -> tuple[tuple[Fact, ...], tuple[Tokens, ...], int]:  # fmt: skip
    """Facts of a list of values, what of it is not understood, and where it ends."""
    facts: list[Fact] = []
    left: list[Tokens] = []
    while at < len(tokens):
        if tokens[at].word in _BETWEEN or (
            is_word(tokens, at, "as") and is_word(tokens, at + 1, "well")
        ):
            at += 3 if tokens[at].word == "as" else 1
            continue
        embedded = told_of(tokens, at, context, things)
        if embedded is not None:
            facts += embedded[0]
            at = embedded[1]
            continue
        found = _item(tokens, at, context, required=required)
        if found is None:
            end = _next(tokens, at)
            left.append(tokens[at:end])
            at = end
            continue
        name_at, end, said = found
        facts += _facts(tokens, name_at, end, said, context, things, containing)
        left += said.left
        at = max(said.end, end, at + 1)
    return _contrasted(facts), tuple(left), at


def _contrasted(facts: list[Fact]) -> tuple[Fact, ...]:
    """Where one value of a list is called optional, and none required, the others are."""
    said = {fact.keys.get("required") for fact in facts if isinstance(fact, Field)}
    if said != {None, False}:
        return tuple(facts)
    return tuple(
        replace(fact, keys={"required": True, **fact.keys})
        if isinstance(fact, Field)
        else fact
        for fact in facts
    )


def _item(
    tokens: Tokens, at: int, context: Context, *, required: bool | None
) -> tuple[int, int, Tail] | None:
    """Where the name of an item begins and ends, and what is said of it."""
    keys: dict[str, Any] = {} if required is None else {"required": required}
    before = words.ARTICLES | words.EVERY | set(QUALITIES)
    counts = (*words.MANY, *words.ONE)
    while at < len(tokens) and tokens[at].word in before:
        if starts_with(tokens, at, counts):
            break
        keys |= QUALITIES.get(tokens[at].word, {})
        at += 1
    start = at
    if taken := starts_with(tokens, at, counts):
        at += taken
    while at < len(tokens) and tokens[at].word in QUALITIES:
        keys |= QUALITIES[tokens[at].word]
        at += 1
    first, end = at, _name_end(tokens, at)
    if not 0 < end - first <= 6:
        return None
    said = tail(tokens, end, keys)
    if taken:
        said.keys.setdefault("_list", True)
    return (start if taken else first), end, said


def _name_end(tokens: Tokens, first: int) -> int:
    """Where a name ends; -1 where the words are no name but a sentence."""
    end = first
    while end < len(tokens) and tokens[end].kind in ("word", "quoted"):
        word = tokens[end].word
        if end == first and _is_name_of_two(tokens, first):
            return first + 2
        if end == first and word in _EXTREMES and _is_named_so(tokens, end + 1):
            end += 2
            continue
        if end > first and word in ("a", "an", "the", "its", "their"):
            return -1
        if (
            end > first
            and word == "of"
            and (tells_choices(tokens, end) or tells_bounds(tokens, end + 1))
        ):
            break
        if word in _CLAUSES or (
            end > first and base(word) in words.HAVING - {"list", "record"}
        ):
            return -1
        closes = end > first and (
            end + 1 == len(tokens) or tokens[end + 1].word in _ENDS
        )
        if closes and word in ("at", "on", "by"):
            end += 1
            break
        if word in _ENDS or word in _TAILS or word in words.PRONOUNS:
            break
        if end > first and (
            word in QUALITIES
            or (is_word(tokens, end, "one") and is_word(tokens, end + 1, "of"))
        ):
            break
        if word == "of" and is_word(tokens, end + 1, "type"):
            break
        if (
            word == "date"
            and is_word(tokens, end + 1, "and")
            and is_word(tokens, end + 2, "time")
        ):
            end += 2
        end += 1
    return end


def _in_role(
    things: tuple[str, ...], other: str, named: str, said: Tail, where: Stretch
) -> list[Fact]:
    """Each of the things refers to another under a name of its own."""
    required = bool(said.keys.get("required", False))
    edge = f"HAS_{named.upper()}"
    return [Relation(one, other, edge, required, where, role=named) for one in things]


def _is_named_so(tokens: Tokens, at: int) -> bool:
    """Whether `maximum` belongs to a name, as in `a maximum capacity`, rather than to bounds."""
    named = at < len(tokens) and tokens[at].kind == "word"
    return named and not is_word(tokens, at, "of", "length", "value")


def _is_name_of_two(tokens: Tokens, at: int) -> bool:
    """`in stock (boolean)`: a name that begins with a preposition, as brackets behind it say."""
    return is_word(tokens, at, "in", "on") and is_word(tokens, at + 2, "(", ":")


def _facts(
    tokens: Tokens, at: int, end: int, said: Tail, context: Context, things: tuple[str, ...],
    containing: bool,
) -> list[Fact]:  # fmt: skip
    """An item for each of the things that have it."""
    several = said.keys.pop("_list", False)
    begin = at + starts_with(tokens, at, (*words.MANY, *words.ONE))
    last = said.end if said.end > end else end
    where = stretch(tokens[at:last])
    life = _life(tokens, begin, end, said)
    if life is not None:
        return [Life(thing, life[0], life[1], where) for thing in things]
    target = noun(tokens[:end], begin, context)
    if role := _role(said, context):
        named = snake(" ".join(t.word for t in tokens[begin:end]), "")
        return _in_role(things, role, named, said, where)
    many = bool(several and starts_with(tokens, at, words.MANY))
    meant = (
        many
        and not starts_with(tokens, at, (*words.LISTS, *words.SOME))
        and is_plural(tokens[end - 1].word)
    )
    if (
        target
        and target[1] == end
        and not said.keys.get("type")
        and (target[0].name in context.things or meant)
    ):
        one = target[0]
        many = many or one.plural
        return [
            relation
            for thing in things
            for relation in _relations(
                thing, one.name, one.prefix, many, containing, said, where
            )
        ]
    owned = _key_of_other(tokens[begin:end], context, things)
    if owned and not many:
        required = bool(said.keys.get("required", True))
        return [Relation(one, owned, "HAS", required, where) for one in things]
    name, keys = _typed(tokens[begin:end], said.keys)
    name, keys = _counted(name, keys, context)
    if many:
        name = snake(" ".join(t.word for t in tokens[begin:end]), "")
        keys = {"_many": True, **keys}
    return [Field(thing, name, dict(keys), where) for thing in things if name]


def _key_of_other(tokens: Tokens, context: Context, things: tuple[str, ...]) -> str:
    """The thing whose key a value is: `member ID` of a loan; empty where there is none."""
    if len(tokens) < 2 or tokens[-1].word not in ("id", "ids"):
        return ""
    name = name_of(tokens[:-1])
    return name if name in context.things and name not in things else ""


def _counted(
    name: str, keys: dict[str, Any], context: Context
) -> tuple[str, dict[str, Any]]:
    """`a number of copies` is how many there are, by the name of what is counted."""
    counted = name.removeprefix("number_of_")
    if counted == name or singular(counted) in context.things or "_" in counted:
        return name, keys
    return counted, {"type": "integer", **keys}


def _role(said: Tail, context: Context) -> str:
    """The thing that stands in brackets: `a manager (employee)`."""
    if len(said.left) != 1 or said.keys.get("type"):
        return ""
    name = name_of(said.left[0])
    if name not in context.things:
        return ""
    said.left = []
    return name


def _life(
    tokens: Tokens, at: int, end: int, said: Tail
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]] | None:
    """States that are drawn beside a name such as `status` or `lifecycle`."""
    if tokens[end - 1].word not in words.LIFE or end >= len(tokens):
        return None
    rest = end + 1 if tokens[end].text in ":(" else end
    inner = group(tokens, end) if tokens[end].text == "(" else tokens[rest:]
    if has_arrow(inner):
        while is_word(inner, 0, "from", "of", "that", "goes", "through"):
            inner = inner[1:]
        found = drawn(inner, 0)
        if found is None:
            return None
        said.left = [inner[found[2] :]] if found[2] < len(inner) else []
        closing = 2 if tokens[end].text == "(" else 0
        said.end = (rest + len(inner) + closing - 1) if closing else len(tokens)
        return found[0], found[1]
    if tokens[end - 1].word in ("status", "state") or not is_word(
        tokens, end, "from", ":"
    ):
        return None
    chain = told(tokens, end + 1)
    if chain is None:
        return None
    said.left, said.end = [], chain[2]
    return chain[0], chain[1]


def _relations(
    thing: str, target: str, prefix: str, many: bool, containing: bool, said: Tail,
    where: tuple[int, int],
) -> list[Relation]:  # fmt: skip
    required = bool(said.keys.get("required", not many and target != thing))
    if not many:
        edge = f"HAS_{prefix.upper()}" if prefix else "HAS"
        return [Relation(thing, target, edge, required, where, prefix)]
    if containing and not target.startswith(f"{thing}_"):
        return [Relation(thing, target, "CONTAINS", True, where, many=True)]
    if target == thing:
        return [
            Relation(thing, target, "HAS", False, where, prefix or "related", many=True)
        ]
    return [Relation(target, thing, "BELONGS_TO", True, where, owns=True)]


def _typed(tokens: Tokens, keys: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A name without the type that follows it: `total decimal`."""
    last = tokens[-1].word
    if len(tokens) > 1 and last in _BARE_TYPES and "type" not in keys:
        return snake(" ".join(t.word for t in tokens[:-1]), ""), {
            **words.TYPES[last],
            **keys,
        }
    return snake(" ".join(t.word for t in tokens).replace("'s", ""), ""), keys


_BARE_TYPES = frozenset(
    {"string", "integer", "int", "decimal", "boolean", "bool", "datetime", "float", "uuid", "json"}
)  # fmt: skip


def _next(tokens: Tokens, at: int) -> int:
    at += 1
    while at < len(tokens) and tokens[at].text != ",":
        if tokens[at].word == "and" and is_word(tokens, at + 1, *_EMBEDDED):
            break
        at += 1
    return at


_EMBEDDED = frozenset({"whether", "when", "which"})

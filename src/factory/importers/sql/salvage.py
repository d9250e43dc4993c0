"""A definition of which the parser does not know one clause, read piece by piece.

No parser knows every clause of every database. What is not understood is taken out of its own
column and told; the rest of the table stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlglot import exp

Parse = Callable[[str], exp.Expr | None]
NAME = r'(?:[\w$#@]+|"[^"]+"|`[^`]+`|\[[^\]]+\]|\'[^\']+\')'
_HEAD = re.compile(
    rf"\s*CREATE\s+(?:\w+\s+){{0,2}}?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{NAME}(?:\s*\.\s*{NAME}){{0,2}}\s*\(",
    re.IGNORECASE,
)
_ALTER = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{NAME}(?:\s*\.\s*{NAME}){{0,2}}\s+",
    re.IGNORECASE,
)
_CONSTRAINT = re.compile(
    r"\s*(?:CONSTRAINT|PRIMARY\s+KEY|UNIQUE|FOREIGN\s+KEY|CHECK|KEY|INDEX|FULLTEXT|SPATIAL|EXCLUDE|PERIOD|LIKE)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:ADD|DROP|ALTER|MODIFY|CHANGE|RENAME|ENABLE|DISABLE|SET|OWNER|VALIDATE|ATTACH|DETACH|INHERIT|NO|CONVERT"
    r"|AUTO_INCREMENT|ENGINE|COMMENT|ORDER|DEFAULT|ALGORITHM|LOCK|FORCE|CLUSTER|REPLICA|WITH)\b",
    re.IGNORECASE,
)
_ADD = re.compile(
    r"(?:WITH\s+(?:NO)?CHECK\s+)?ADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?",
    re.IGNORECASE,
)
_ALTER_TABLE = re.compile(
    r"\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?", re.IGNORECASE
)
_INLINE_INDEX = re.compile(
    rf"\s*INDEX\s+{NAME}\s+(?:UNIQUE\s+)?(?:NONCLUSTERED|CLUSTERED)\b", re.IGNORECASE
)
_COMMENT = re.compile(r"\bCOMMENT\s*=?\s*('(?:[^'\\]|''|\\.)*')", re.IGNORECASE)
_INHERITS = re.compile(r"\bINHERITS\s*\([^()]*\)", re.IGNORECASE)
_TOKEN = re.compile(
    r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|`[^`]*`|\[[^\]\n]*\]|[()]|[^\s()'\"`\[]+|['\"`\[]"
)
_LONGEST_CLAUSE = 6
"""Words of a clause that is taken out, with what stands in brackets as one word."""
_MOST_PARSES = 400
_UNIT = 500
"""Characters of one parse; a longer one counts as several."""


@dataclass(slots=True)
class Salvaged:
    """A statement without what is not understood."""

    tree: exp.Create
    lost: list[str] = field(default_factory=list)
    """The clauses that were taken out, as the source writes them."""


def create_table(text: str, parse: Parse) -> Salvaged | None:
    """The table that a statement creates; `None` where it does not begin like one."""
    head = _HEAD.match(text)
    if head is None:
        return None
    end = _closing(text, head.end())
    body, tail = text[head.end() : end], text[end + 1 :]
    found = _empty(head[0], tail, parse)
    if found is None:
        return None
    budget = _MOST_PARSES
    lost: list[str] = []
    items: list[exp.Expr] = []
    for at, item in _split(body):
        lines = text.count("\n", 0, head.end() + at)
        parsed, missing, used = _item(item, lines, parse, budget)
        budget -= used
        lost += missing
        items += parsed
    found.this.set("expressions", items)
    return Salvaged(found, lost)


def added(text: str) -> str | None:
    """`ALTER TABLE ... ADD` of one thing as a table that has nothing else."""
    head = _ALTER.match(text)
    rest = text[head.end() :] if head is not None else ""
    verb = _ADD.match(rest)
    if head is None or verb is None:
        return None
    name, items = _ALTER_TABLE.sub("", head[0]), rest[verb.end() :].strip()
    return f"CREATE TABLE {name} {items if items.startswith('(') else f'({items})'}"


def actions(text: str) -> list[str] | None:
    """`ALTER TABLE` with several actions as a statement for each."""
    head = _ALTER.match(text)
    if head is None:
        return None
    parts = [part.strip() for _, part in _split(text[head.end() :])]
    if len(parts) < 2:
        return None
    # SQL Server says what to do once, and then lists it.
    verb = parts[0].split()[0] if parts[0] else ""
    return [
        head[0] + (part if _VERB.match(part) else f"{verb} {part}")
        for part in parts
        if part
    ]


def _empty(head: str, tail: str, parse: Parse) -> exp.Create | None:
    """The statement without its columns, and with what its end says of the table."""
    kept = " ".join(m[0] for p in (_INHERITS, _COMMENT) if (m := p.search(tail)))
    for end in (kept, ""):
        tree = parse(f"{head}a INT) {end}")
        if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema):
            return tree
    return None


def _item(
    item: str, lines: int, parse: Parse, budget: int
) -> tuple[list[exp.Expr], list[str], int]:
    """What one column or constraint comes to, what of it is lost, and how many parses that took."""

    def attempt(text: str) -> list[exp.Expr]:
        tree = parse("CREATE TABLE t (" + "\n" * lines + f"{text})")
        known = isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema)
        return list(tree.this.expressions) if known and tree is not None else []

    if not item.strip():
        return [], [], 0
    if _INLINE_INDEX.match(item):
        return [], [item.strip()], 0
    cost = 1 + (len(item) + lines) // _UNIT
    if cost > max(budget, 1):
        return [], [item.strip()], 0
    found = attempt(item)
    if found or _CONSTRAINT.match(item):
        return found, [] if found else [item.strip()], cost
    used = cost
    words = _words(item)
    for length in range(1, _LONGEST_CLAUSE + 1):
        for at in range(len(words) - length, 0, -1):
            if used >= budget:
                return [], [item.strip()], used
            used += cost
            found = attempt(" ".join([*words[:at], *words[at + length :]]))
            if found:
                return found, [" ".join([words[0], *words[at : at + length]])], used
    # The name and the type alone say more than nothing, and so does the name.
    found = attempt(" ".join(words[:2])) or attempt(words[0])
    return found, [item.strip()], used + 2 * cost


def _words(text: str) -> list[str]:
    """Words, with what stands in brackets glued to the one before."""
    found: list[str] = []
    depth = 0
    for token in _TOKEN.findall(text):
        depth -= token == ")"
        if depth > 0 or token in "()":
            found[-1:] = [f"{found[-1]} {token}" if found else token]
        else:
            found.append(token)
        depth += token == "("
    return found


def _closing(text: str, at: int) -> int:
    depth = 1
    for token in _TOKEN.finditer(text, at):
        depth += (token[0] == "(") - (token[0] == ")")
        if depth == 0:
            return token.start()
    return len(text)


def _split(text: str) -> Iterator[tuple[int, str]]:
    """What stands between commas outside of brackets and quotes, with its place."""
    depth = begin = 0
    for token in _TOKEN.finditer(text):
        depth += (token[0] == "(") - (token[0] == ")")
        if depth or token[0][0] in "'\"`[(":
            continue
        for offset, character in enumerate(token[0]):
            if character == ",":
                end = token.start() + offset
                yield begin, text[begin:end]
                begin = end + 1
    yield begin, text[begin:]

"""Sources as strangers leave them: broken, hostile, huge. Each is made of a seed alone."""

from __future__ import annotations

import copy
import json
import os
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from factory.importers.reading import Text
from factory.importers.spec_sheet.splitting import sheets

SAMPLES = Path(__file__).parent / "samples"
SUFFIXES = {
    "sql": ".sql", "prisma": ".prisma", "openapi": ".yaml", "jsonschema": ".json",
    "spec-sheet": ".md", "spec-md": ".md",
}  # fmt: skip
BASES = {
    "sql": ("shop.sql",),
    "prisma": ("shop.prisma",),
    "openapi": ("shop.yaml",),
    "jsonschema": ("orders.schema.json",),
    "spec-sheet": ("depot.md", "loans.yaml"),
    "spec-md": (
        "ask-SPEC.md", "bookings-SPEC.md", "render-SPEC.md", "stock-SPEC.md", "tasks-SPEC.md",
    ),
}  # fmt: skip
DOCUMENTS = ("openapi", "jsonschema", "spec-sheet")
"""Formats in JSON or YAML."""
HOSTILE = (
    '"', "'", "`", "\\", "{", "}", "(", ")", "[", "]", "*/", "--", "/*", "//", "\n", "\t", "\ufeff",
    "\u202e", "\x00", "😀", "a" * 5000, "{" * 300, "(" * 300, "[" * 300, "@", "@@", "#", "$ref",
    "&a", "*a", "!!python/object", "<<", "1e999", "9" * 400, "-", "null", "class", "__proto__",
    "id", ";", "$$", "```", "|", ": ", "%", "\x1b[31m", "\u2028", "\u0085", "NaN", "-0", "<!--",
)  # fmt: skip
NAMES = (
    "../../etc/passwd", "..", ".", "/", "a/b", "a\\b", "con", "select", "table", "class", "import",
    "None", "__init__", "self", "id", "type", "order", "user", "x" * 10_000, "a'b", 'a"b', "a`b",
    "a\nb", "a b", " ", "", "שלום", "مرحبا", "\u202egnp.exe", "e\u0301", "İ", "ß", "名前",
    "\U0001f600", "1", "1abc", "a-b", "a_b", "aB", "A_B", "a b", "a.b", "${x}", "{{x}}", "%s",
    "{0}", "<script>", "a;drop table b", "--", "metadata", "spec", "created_at", "tenant_id",
    "state", "number", "nul\x01", "_", "__", "a" * 63, "a" * 64, "Ａ", "ﬁ", "\u00ad",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1.5, 1e308, float("inf"), float("nan"), "", "x", "a" * 3000,
    [], [[]], [None], {}, {"": None}, {"$ref": "#"}, [1, "a", None], "1.0", "null", "uuid", "../x",
    {"type": {"type": "x"}}, ["string", "null", 1], "\ud800", "(a+)+$", "[", 2**63, -(2**63),
)  # fmt: skip
KEYWORDS = (
    "type", "properties", "items", "allOf", "oneOf", "anyOf", "$ref", "enum", "const", "format",
    "required", "default", "schema", "content", "parameters", "requestBody", "responses", "paths",
    "columns", "tables", "methods", "path", "name", "indexes", "constraints", "events", "if",
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")


@dataclass(frozen=True, slots=True)
class Case:
    """Files by their path below the source, and how these are to be read."""

    kind: str
    files: Mapping[str, bytes | Callable[[], bytes]]
    """What they hold, or what makes it, so that large ones are not kept."""
    format: str = "auto"
    """Given to the importer."""
    prepare: Callable[[Path], None] | None = None
    """What else the folder holds."""

    def write(self, folder: Path) -> Path:
        """The source: a file, or the folder where there are several."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data() if callable(data) else data)
        if self.prepare:
            self.prepare(folder)
        alone = len(self.files) == 1 and self.prepare is None
        return folder / next(iter(self.files)) if alone else folder


def base_texts(form: str) -> list[str]:
    """Whole sources of a format."""
    return [(SAMPLES / name).read_text("utf-8") for name in BASES[form]]


def case(form: str, seed: int, texts: list[str]) -> Case:
    """The mutation of a seed, made of one or two of `texts`."""
    chance = random.Random(f"{form} {seed}")
    kinds = [one for one in _KINDS if one != "structure" or form in DOCUMENTS]
    kind = chance.choices(kinds, [_KINDS[one][0] for one in kinds])[0]
    data = _KINDS[kind][1](chance, texts, form)
    chosen = "auto" if chance.random() < 0.2 else form
    if kind != "folder":
        return Case(kind, {f"source{SUFFIXES[form]}": data}, chosen)
    names = chance.sample(("a", "b/c", "d e", "z.bin", "ü", "logo.png", "x.txt"), 3)
    files = {f"{name}{SUFFIXES[form]}": data for name in names[:2]}
    other = _noise(chance) if chance.random() < 0.5 else data[: len(data) // 2]
    return Case(kind, {**files, names[2]: other}, chosen, _LEADS[seed % len(_LEADS)])


def _text(chance: random.Random, texts: list[str]) -> str:
    return chance.choice(texts)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _truncated(chance: random.Random, texts: list[str], form: str) -> bytes:
    data = _encoded(_text(chance, texts))
    return data[: chance.randrange(len(data) + 1)]


def _scattered(chance: random.Random, texts: list[str], form: str) -> bytes:
    """A few things cut, doubled, swapped or put in."""
    text = _text(chance, texts)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((1, 3, 10, 80, 1000)))
        kind = chance.randrange(5)
        if kind == 0:
            text = text[:start] + text[end:]
        elif kind == 1:
            text = text[:end] + text[start:end] + text[end:]
        elif kind == 2:
            text = text[:start] + chance.choice(HOSTILE) + text[start:]
        elif kind == 3:
            text = text[:start] + chance.choice(HOSTILE) + text[end:]
        else:
            other = chance.randrange(len(text) + 1)
            text = text[:other] + text[start:end] + text[other:]
    return _encoded(text)


def _wrongly_encoded(chance: random.Random, texts: list[str], form: str) -> bytes:
    text = _text(chance, texts)
    way = chance.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-7", "cp037", "utf-8-sig")
    )  # fmt: skip
    data = bytearray(text.encode(way, "replace"))
    for _ in range(chance.choice((0, 0, 1, 5))):
        at = chance.randrange(len(data) + 1)
        data[at:at] = chance.choice(
            (b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f", b"\x80", b"\xfe\xff")
        )  # fmt: skip
    return bytes(data)


def _lines(chance: random.Random, texts: list[str], form: str) -> bytes:
    """Lines swapped, doubled and left out."""
    lines = _text(chance, texts).split("\n")
    for _ in range(chance.randint(1, 12)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        kind = chance.randrange(4)
        if kind == 0:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 1:
            lines.insert(at, lines[other])
        elif kind == 2 and len(lines) > 1:
            del lines[at]
        else:
            lines[at] = " " * chance.randint(1, 9) + lines[at]
    return _encoded("\n".join(lines))


def _spliced(chance: random.Random, texts: list[str], form: str) -> bytes:
    """The beginning of one source and the end of another, of whatever format."""
    everything = [*texts, *(t for one in SUFFIXES for t in base_texts(one))]
    first, last = _text(chance, texts), chance.choice(everything)
    start, end = chance.randrange(len(first) + 1), chance.randrange(len(last) + 1)
    return _encoded(first[:start] + last[end:])


def _named(chance: random.Random, texts: list[str], form: str) -> bytes:
    """Some names in place of others."""
    text = _text(chance, texts)
    names = sorted(set(_NAME.findall(text)))
    swapped = {
        name: chance.choice(NAMES)
        for name in chance.sample(names, min(len(names), chance.randint(1, 6)))
    }
    return _encoded(_NAME.sub(lambda m: swapped.get(m[0], m[0]), text))


def _tokens(chance: random.Random, texts: list[str], form: str) -> bytes:
    """Words and marks swapped, doubled, left out, or put where others stood."""
    tokens = re.findall(r"\w+|\s+|[^\w\s]", _text(chance, texts))
    for _ in range(chance.randint(1, 15)):
        at, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        kind = chance.randrange(4)
        if kind == 0:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 1:
            tokens.insert(at, tokens[other])
        elif kind == 2 and len(tokens) > 1:
            del tokens[at]
        else:
            tokens[at] = tokens[other]
    return _encoded("".join(tokens))


def _structure(chance: random.Random, texts: list[str], form: str) -> bytes:
    """A document whose parts are of other types, elsewhere, renamed or gone."""
    value = chance.choice(_documents(form))
    for _ in range(chance.randint(1, 8)):
        places = list(_places(value))
        holder, key = chance.choice(places)
        kind = chance.randrange(6)
        if kind == 0:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        elif kind == 1:
            other, at = chance.choice(places)
            holder[key] = copy.deepcopy(other[at])
        elif kind == 2 and isinstance(holder, dict):
            holder[chance.choice(NAMES)] = holder.pop(key)
        elif kind == 3 and len(holder) > 1:
            del holder[key]
        elif kind == 4:
            holder[key] = [holder[key]]
        else:
            holder[key] = {chance.choice((*NAMES, *KEYWORDS)): holder[key]}
    return json.dumps(value, indent=1).encode("utf-8", "surrogatepass")


def _documents(form: str) -> list[Any]:
    """The documents of a format as values, new ones each time."""
    if form == "spec-sheet":
        texts = (
            Text(name, (SAMPLES / name).read_text("utf-8")) for name in BASES[form]
        )
        found = [one.value for text in texts for one in sheets(text).documents]
    else:
        found = [yaml.safe_load(text) for text in base_texts(form)]
    return [json.loads(json.dumps(one, default=str)) for one in found]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member of every object and list: what holds it, and where."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        for key in one if isinstance(one, dict) else range(len(one)):
            yield one, key
            if isinstance(one[key], dict | list):
                waiting.append(one[key])


def _noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 100, 10_000)))


def _random(chance: random.Random, texts: list[str], form: str) -> bytes:
    return _noise(chance)


def _repeated(chance: random.Random, texts: list[str], form: str) -> bytes:
    """One line very often, or one very long."""
    lines = _text(chance, texts).split("\n")
    at = chance.randrange(len(lines))
    if chance.random() < 0.5:
        lines[at : at + 1] = [lines[at]] * chance.choice((100, 1000, 3000))
    else:
        word = chance.choice((lines[at] or "x", *HOSTILE[:12], "a ", "a,", "a|", "1 "))
        lines[at] = word * min(chance.choice((1000, 30_000)), 1_000_000 // len(word))
    return _encoded("\n".join(lines))


def _nested(chance: random.Random, texts: list[str], form: str) -> bytes:
    depth = chance.choice((50, 150, 1000, 10_000))
    opened, closed = chance.choice(
        (("{", "}"), ("[", "]"), ("(", ")"), ("{a: ", "}"), ('{"a":', "}"), ("<", ">"),
         ("- ", ""), ("> ", ""), ("*", "*"), ("`", "`"), ("List[", "]"), ("Optional[", "]"),
         ("((", "))"), ("NOT ", ""), ("-", ""), ("CASE WHEN ", " END"), ("SELECT (", ")"),
         ("1+", ""), ("1 AND ", ""), ("a.", ""), ("f(", ")"), ('{"allOf":[', "]}"),
         ('{"items":', "}"), ('{"properties":{"a":', "}}"), ("? ", ""))
    )  # fmt: skip
    inside = opened * depth + "1" + closed * (depth if chance.random() < 0.8 else 0)
    text = _text(chance, texts)
    at = chance.choice([m.end() for m in re.finditer(r"[\s:(\[{=]", text)])
    return _encoded(text[:at] + inside + text[at:])


def _bomb(chance: random.Random, texts: list[str], form: str) -> bytes:
    """Aliases that multiply or hold themselves, and references that go round or out."""
    wide = "".join(
        f"c{n}: &c{n} [{', '.join([f'*c{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    bombs = (
        f"c0: &c0 [1, 1]\n{wide}", "a: &a [*a]\n", "a: &a {b: *a}\n", "<<: &a {<<: *a}\n",
        "a: &a {x: 1}\nb: {<<: [*a, *a]}\n", "a: !!python/object/apply:os.system [ls]\n",
        "a: !<tag:x> 1\n", "%YAML 9.9\n---\na: 1\n", "a: &a\n  <<: *b\n", "? {a: 1}\n: 2\n",
        '{"$ref": "#"}', '{"$ref": "http://127.0.0.1:1/x.json"}', '{"$ref": "file:///etc/passwd"}',
        '{"$ref": "../../../../etc/passwd"}', '{"allOf": [{"$ref": "#"}]}', '{"$ref": "//[bad"}',
    )  # fmt: skip
    bomb = chance.choice(bombs)
    text = _text(chance, texts)
    kind = chance.randrange(3)
    if kind == 0:
        return _encoded(bomb + text)
    if kind == 1:
        return _encoded(text + "\n" + bomb)
    spots = [m.start() for m in re.finditer(r"\{", text)] or [0]
    at = chance.choice(spots)
    return _encoded(text[:at] + bomb.strip() + text[at:])


def _folder(chance: random.Random, texts: list[str], form: str) -> bytes:
    data = _encoded(_text(chance, texts))
    return data if chance.random() < 0.6 else _scattered(chance, texts, form)


def _links(folder: Path) -> None:
    (folder / "round").symlink_to(".", target_is_directory=True)
    (folder / "again").symlink_to(".", target_is_directory=True)
    (folder / "lost.sql").symlink_to("nowhere")
    (folder / "out.json").symlink_to("/etc/passwd")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.sql")


def _deep(folder: Path) -> None:
    path = folder
    for _ in range(60):
        path /= "d"
    path.mkdir(parents=True)
    (path / "x.sql").write_text("create table a (id int)", "utf-8")


def _bytes_in_names(folder: Path) -> None:
    name = os.fsencode(folder) + b"/\xff\xfe \n.json"
    Path(os.fsdecode(name)).write_bytes(b"{}")


def _packed(folder: Path) -> None:
    (folder / "broken.sql.gz").write_bytes(b"\x1f\x8b\x08\x00rest")
    (folder / "empty.json").write_bytes(b"")
    (folder / "none.yaml.gz").write_bytes(b"no gzip")


_LEADS = (_links, _pipe, _deep, _bytes_in_names, _packed)
_KINDS: dict[str, tuple[int, Callable[[random.Random, list[str], str], bytes]]] = {
    "truncated": (8, _truncated),
    "scattered": (24, _scattered),
    "encoding": (10, _wrongly_encoded),
    "lines": (14, _lines),
    "spliced": (10, _spliced),
    "names": (14, _named),
    "tokens": (14, _tokens),
    "structure": (30, _structure),
    "repeated": (5, _repeated),
    "nested": (6, _nested),
    "bomb": (6, _bomb),
    "random": (2, _random),
    "folder": (4, _folder),
}

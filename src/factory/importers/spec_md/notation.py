"""Endpoints as people write them: `### 1. POST /x`, bold, in backticks, in tables, with curl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from factory.importers.drafts import Evidence
from factory.importers.markdown import Block, Kind, Section, clean
from factory.importers.naming import Names, snake

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_VERB = r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|WSS?|WEBSOCKET|SSE)"
_HOST = r"(?:(?:https?|wss?)://[^\s/`'\"|]+|\$?\{?[A-Za-z_]*(?:URL|HOST|BASE)\}?)"
_PATH = r"/[^\s`'\"|,;()]*(?:\([^\s()]*\)[^\s`'\"|,;()]*)?"
_NUMBER = r"(?:(?:\d+(?:\.\d+)*|[a-z])[.):]\s*|endpoint\s*\d*\s*[:.-]?\s*)?"
_FIRST = re.compile(
    rf"{_NUMBER}\(?\[?({_VERB}(?:\s*(?:[,/|&]|and|or)\s*{_VERB})*)\]?\)?\s*:?\s+{_HOST}?({_PATH})(.*)",
    re.IGNORECASE | re.DOTALL,
)
_LAST = re.compile(
    rf"{_NUMBER}({_PATH})\s*[-–—:([]*\s*({_VERB}(?:\s*[,/|&]\s*{_VERB})*)\b[)\]]*(.*)",
    re.DOTALL,
)
_INSIDE = re.compile(rf"\b({_VERB})\s+{_HOST}?({_PATH})")
_QUOTED = re.compile(rf"`({_VERB})\s+{_HOST}?({_PATH})`")
_CURL = re.compile(r"\bcurl\b(.*)", re.DOTALL)
_CURL_METHOD = re.compile(r"(?:-X\s*|--request[\s=]+)['\"]?([A-Za-z]+)")
_CURL_URL = re.compile(
    rf"['\"]?({_HOST}|localhost:\d+|[\w.-]+:\d+)({_PATH})?", re.IGNORECASE
)
_CURL_DATA = re.compile(
    r"(?:-d|--data(?:-raw|-binary)?|--json)[\s=]+(['\"])(.*?)\1(?=\s|\Z)", re.DOTALL
)
_STEP = re.compile(r"(?<=/)(?::(\w+)|<(?:\w+:)?(\w+)>|\$\{?(\w+)\}?|\[(\w+)\])(?=/|\Z)")
_TYPED = re.compile(r"\{(\w+):[^{}]*\}")
_ID = re.compile(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[\w-]*\d[\w-]*|[A-Z][A-Z0-9_]+")
_METHOD_HEAD = re.compile(r"\b(method|verb|http)", re.IGNORECASE)
_PATH_HEAD = re.compile(r"\b(path|endpoint|route|url|uri)", re.IGNORECASE)
_FOREIGN = ("dependenc", "external", "integrations?\\b", "third.party", "upstream")
_PREFIX = re.compile(
    rf"\b(?:base\s*(?:url|path|route)|(?:api|url|route)\s*prefix|prefix)\s*:\s*{_HOST}?(/[\w./-]*)",
    re.IGNORECASE,
)  # fmt: skip
UDC = {"/health": "GET", "/capabilities": "GET", "/state": "GET", "/dependencies": "GET",
       "/message": "POST"}  # fmt: skip
"""What every service of the mesh answers."""


@dataclass(slots=True)
class Found:
    """A method on a path, where it is written, and what follows it there."""

    method: str
    path: str
    evidence: Evidence
    rest: str = ""
    query: tuple[str, ...] = ()
    level: int = 0
    """Of the heading that it stands in; 0 elsewhere."""
    data: str = ""
    """The body that curl sends."""
    blocks: list[Block] = field(default_factory=list)
    """What is written below it."""
    foreign: bool = False
    """Written where other services are spoken of."""

    @property
    def is_defined(self) -> bool:
        """Whether it stands where endpoints are listed, and not in a sentence or a command."""
        return not self.evidence.rule.endswith(("/curl", "/prose"))


def prefix(found: list[Section]) -> str:
    """The path that all others stand below, where the text names one."""
    for section in found:
        for block in section.blocks:
            if block.kind in (Kind.TEXT, Kind.ITEM):
                match = _PREFIX.search(block.plain)
                if match and match[1].strip("/."):
                    return "/" + match[1].strip("/.")
    return ""


def endpoints(found: list[Section]) -> list[Found]:
    """Every endpoint of a document in its order, each time that it is written."""
    return list(_Reader().read(found))


class _Reader:
    """Gives each endpoint the blocks below it."""

    def __init__(self) -> None:
        self.current: list[Found] = []
        self.indent = -1
        self.listed = False
        """Whether the current endpoint is an item of a list."""

    def read(self, found: list[Section]) -> Iterator[Found]:
        for section in found:
            foreign = section.names(*_FOREIGN)
            here = list(
                _in_line(section.title, Evidence(section.place, "spec-md/heading"))
            )
            if here:
                self._begin(here, -1)
                for one in here:
                    one.level = section.level
                yield from here
            elif self.current and not (0 < self.current[0].level < section.level):
                self.current = []
            elif self.current:
                label = Block(Kind.TEXT, f"**{section.title}:**", section.place)
                for one in self.current:
                    one.blocks.append(label)
            for block in section.blocks:
                for one in self._block(section, block):
                    one.foreign = (
                        foreign and not one.level and "/item" in one.evidence.rule
                    )
                    one.foreign |= foreign and not one.is_defined
                    yield one

    def _begin(self, found: list[Found], indent: int) -> None:
        self.current = found
        self.indent = indent
        self.listed = found[0].evidence.rule.endswith("/item")

    def _block(self, section: Section, block: Block) -> Iterator[Found]:
        if block.kind is Kind.TABLE:
            listed = list(_in_table(block))
            yield from listed
            if not listed:
                self._attach(block)
        elif block.kind is Kind.FENCE:
            listed = list(_in_fence(block))
            yield from listed
            if not any(one.is_defined for one in listed):
                self._attach(block)
        else:
            rule = "item" if block.kind is Kind.ITEM else "line"
            here = list(_in_line(block.text, Evidence(block.place, f"spec-md/{rule}")))
            if here:
                self._begin(here, block.indent)
                yield from here
                known = {(one.method, one.path) for one in here}
                for one in _in_prose(block):
                    if (one.method, one.path) not in known:
                        yield one
                return
            yield from _udc(section, block)
            yield from _in_prose(block)
            if self.indent >= block.indent and self.indent >= 0 and self.listed:
                # The list of endpoints has ended.
                self.current = []
            self._attach(block)

    def _attach(self, block: Block) -> None:
        for one in self.current:
            one.blocks.append(block)


def _in_line(text: str, evidence: Evidence) -> Iterator[Found]:
    """Endpoints that a heading, an item or a line begins with."""
    plain = clean(text)
    match = _FIRST.match(plain)
    if match:
        verbs, path, rest = match[1], match[2], match[3]
    else:
        match = _LAST.match(plain)
        if not match:
            return
        path, verbs, rest = match[1], match[2], match[3]
    for verb in re.findall(_VERB, verbs, re.IGNORECASE):
        yield _found(verb, path, evidence, rest)


def _in_prose(block: Block) -> Iterator[Found]:
    evidence = Evidence(block.place, "spec-md/prose")
    quoted = list(_QUOTED.finditer(block.text))
    for match in quoted or _INSIDE.finditer(block.plain):
        yield _found(match[1], match[2], evidence)
    if _CURL.match(block.plain):
        yield from _curl(block.plain, evidence)


def _udc(section: Section, block: Block) -> Iterator[Found]:
    """Paths of the mesh that are listed without their methods."""
    if not (section.names("udc") or "UDC" in block.text):
        return
    evidence = Evidence(block.place, "spec-md/udc")
    for path in re.findall(r"(?<![\w/])/[a-z]+\b(?!/)", block.plain):
        if path in UDC:
            rest = block.plain.partition(path)[2]
            yield _found(
                UDC[path],
                path,
                evidence,
                rest if re.match(r"\s*[-–—:]\s", rest) else "",
            )


def _in_table(block: Block) -> Iterator[Found]:
    head = [clean(cell) for cell in block.rows[0][1]] if block.rows else []
    method = next((i for i, c in enumerate(head) if _METHOD_HEAD.search(c)), -1)
    path = next(
        (i for i, c in enumerate(head) if _PATH_HEAD.search(c) and i != method), -1
    )
    for line, row in block.rows[1:]:
        evidence = Evidence(block.at(line), "spec-md/table-row")
        cells = [clean(cell) for cell in row]
        taken: set[int] = set()
        listed: list[tuple[str, str]] = []
        if max(method, path) < len(cells) and min(method, path) >= 0:
            taken = {method, path}
            target = re.match(rf"{_HOST}?({_PATH})", cells[path])
            verbs = re.findall(rf"\b{_VERB}\b", cells[method], re.IGNORECASE)
            listed = [(verb, target[1]) for verb in verbs] if target else []
        else:
            for number, cell in enumerate(cells):
                match = _FIRST.match(cell)
                if match:
                    taken, listed = {number}, [(match[1], match[2])]
                    break
        rest = " - ".join(c for i, c in enumerate(cells) if i not in taken and c)
        for verb, where in listed:
            yield _found(verb, where, evidence, rest)


def _in_fence(block: Block) -> Iterator[Found]:
    if block.language in (
        "json",
        "json5",
        "jsonc",
        "python",
        "py",
        "javascript",
        "js",
        "ts",
    ):
        return
    lines = block.text.split("\n")
    number = 0
    while number < len(lines):
        start = number
        text = lines[number]
        while (text.endswith("\\") or _open(text)) and number + 1 < len(lines):
            number += 1
            text = text.removesuffix("\\") + "\n" + lines[number]
            if number - start > 200:
                break
        place = block.at(block.place.line + start)
        number += 1
        if re.match(r"\s*\$?\s*curl\b", text):
            yield from _curl(text, Evidence(place, "spec-md/curl"))
        elif block.language not in ("bash", "sh", "shell", "yaml", "yml", "sql"):
            bare = re.sub(r"\s+HTTP/[\d.]+\s*\Z", "", text)
            rule = "http" if bare != text or block.language == "http" else "listing"
            bare = bare.lstrip(" │├└─-*•")
            listed = _in_line(bare, Evidence(place, f"spec-md/{rule}"))
            yield from (one for one in listed if one.method.isupper())


def _open(text: str) -> bool:
    return "curl" in text and text.count("'") % 2 == 1


def _curl(text: str, evidence: Evidence) -> Iterator[Found]:
    match = _CURL.search(text)
    if not match:
        return
    data = _CURL_DATA.search(match[1])
    command = _CURL_DATA.sub(" ", match[1])
    verb = _CURL_METHOD.search(command)
    command = _CURL_METHOD.sub(" ", command)
    command = re.sub(r"(?:-H|--header)[\s=]+(['\"]).*?\1", " ", command)
    url = _CURL_URL.search(command)
    if url:
        usual = "POST" if data else "GET"
        made = _found(verb[1] if verb else usual, url[2] or "/", evidence)
        made.data = data[2] if data else ""
        yield made


def _found(verb: str, path: str, evidence: Evidence, rest: str = "") -> Found:
    path, _, query = path.partition("?")
    names = [one.partition("=")[0].strip("{}[]") for one in query.split("&")]
    queries = tuple(n for n in names if re.fullmatch(r"[A-Za-z_][\w.-]*", n))
    rest = rest.strip().lstrip("-–—:→=>|) ").strip()
    return Found(verb.upper(), normal(path), evidence, rest, queries)


def normal(path: str) -> str:
    """A path with parameters in braces: `/x/:id`, `/x/<int:id>` and `/x/$ID` are `/x/{id}`."""
    path = "/" + path.strip("/.,:;!")
    path = _STEP.sub(
        lambda m: "{" + next(g for g in m.groups() if g).lower() + "}", path
    )
    path = _TYPED.sub(r"{\1}", path)
    steps = []
    names = Names()
    for step in path.split("/"):
        if re.fullmatch(r"\{[^{}]+\}", step):
            step = "{" + names.claim(snake(step[1:-1], "key")) + "}"
        steps.append(step)
    return "/".join(steps)


def shape(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"\{[^{}]*\}", "{}", path)


def is_plain(path: str) -> bool:
    """Whether a path is made of words and parameters alone."""
    return bool(
        re.fullmatch(r"/(?:(?:[\w.~-]+|\{\w+\})(?:/(?:[\w.~-]+|\{\w+\}))*)?", path)
    )


def fits(pattern: str, path: str) -> bool:
    """Whether `path` is one of `pattern` with values in place of parameters."""
    ours, theirs = pattern.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(
        a == b or (a[:1] == "{" and (b[:1] == "{" or bool(_ID.fullmatch(b))))
        for a, b in zip(ours, theirs, strict=True)
    )

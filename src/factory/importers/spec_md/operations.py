"""Operations: each endpoint once, with all that the text says of it wherever it does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from factory.importers.drafts import Evidence, Unmapped
from factory.importers.markdown import Block, Kind
from factory.importers.spec_md import json_reader, notation
from factory.importers.spec_md.members import in_item, in_table, of_value
from factory.importers.spec_md.notation import Found
from factory.importers.spec_md.python_models import Function
from factory.importers.spec_md.shapes import Member, Shape

_LABEL = re.compile(
    r"(?:(?:example|sample|success(?:ful)?|http|json|accepts?|optional)\s+)*"
    r"(requests?|responses?|returns?|responds?(?: with)?|body|payload|input|output|result|query|"
    r"url|path|parameters?|params|headers?|status(?: codes?)?|errors?|auth\w*|description|summary|"
    r"purpose|events?|notes?|behaviou?r)\b([^:]{0,60})(?::\s*(.*))?\Z",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_ROLES = {
    "request": "request", "requests": "request", "body": "request", "payload": "request",
    "input": "request", "response": "response", "responses": "response", "return": "response",
    "returns": "response", "respond": "response", "responds": "response",
    "responds with": "response", "respond with": "response", "output": "response",
    "result": "response", "query": "query", "parameters": "query", "parameter": "query",
    "params": "query", "path": "path", "url": "path", "error": "error", "errors": "error",
    "event": "events", "events": "events", "description": "prose", "summary": "prose",
    "purpose": "prose", "status": "status", "status code": "status", "status codes": "status",
}  # fmt: skip
_STATUS = re.compile(
    r"(?:\bstatus(?:\s*codes?)?|\bhttp(?:/[\d.]+)?|\breturns?|\bresponds?(?:\s+with)?|"
    r"\bresponse|\bsuccess|\banswers?)[^0-9\n{]{0,20}\b([1-5]\d\d)\b"
    r"|\b([1-5]\d\d)\b\W{0,3}\s*(?:OK|Created|Accepted|No Content|Bad Request|Unauthori[sz]ed|"
    r"Forbidden|Not Found|Conflict|Gone|Unprocessable|Too Many|Internal|on success)\b"
    r"|\A([1-5]\d\d)\s*(?:[-–—:]|\Z)",
    re.IGNORECASE,
)  # fmt: skip
_QUERY = re.compile(r"\?([A-Za-z_]\w*(?:=[^\s`)\"']*)?(?:&[^\s`)\"']*)*)")
_SPOKEN = re.compile(
    r"\b(request|response|returns?|body|payload|input|output|query|error|events?)\b",
    re.IGNORECASE,
)
_FLAG = re.compile(r"`?([a-z_]\w*)`?\s*(?:\(|=|,|$|\s[-–—]|:)")
_WRITES = ("POST", "PUT", "PATCH")


@dataclass(slots=True)
class Operation:
    """One method on one path."""

    method: str
    path: str
    evidence: Evidence
    summary: str = ""
    prose: list[str] = field(default_factory=list)
    request: Shape | None = None
    answer: Shape | None = None
    status: int = 0
    errors: list[int] = field(default_factory=list)
    query: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """What was read one way and could be meant another."""

    @property
    def what(self) -> str:
        """For people."""
        return f"{self.method} {self.path}"

    @property
    def steps(self) -> list[str]:
        """The steps of the path."""
        return [step for step in self.path.split("/") if step]


class Operations:
    """Collects operations; `models` are the names that a text may refer to."""

    def __init__(self, models: Iterable[str], prefix: str) -> None:
        names = "|".join(
            re.escape(n) for n in sorted(models, key=lambda n: (-len(n), n))
        )
        self.model = re.compile(rf"(\b(?:list|array|set)(?:\[|\s+of\s+)|\[)?\b({names})\b(s?)",
                                re.IGNORECASE if not names else 0) if names else None  # fmt: skip
        self.prefix = prefix
        self.unmapped: list[Unmapped] = []
        self.by_key: dict[tuple[str, str], Operation] = {}
        self.paths: dict[str, str] = {}
        """Each path as it is spelled first, by its shape."""

    def add(self, found: list[Found], functions: Iterable[Function]) -> None:
        """Take up endpoints: those of headings and lists first, then what mentions them."""
        for one in found:
            if one.is_defined and not one.foreign:
                self._found(one)
        for function in functions:
            self._function(function)
        for one in found:
            if not (one.is_defined and not one.foreign):
                self._mention(one)

    def _path(self, path: str) -> str:
        if self.prefix and path not in notation.UDC:
            inside = path == self.prefix or path.startswith(f"{self.prefix}/")
            return path if inside else self.prefix + path.rstrip("/")
        return path

    def _found(self, one: Found) -> None:
        what = f"{one.method} {one.path}"
        if one.method in ("WS", "WSS", "WEBSOCKET", "SSE"):
            self._note(
                one, what, "a stream of events; services here answer requests alone"
            )
            for block in one.blocks:
                if block.kind is Kind.FENCE:
                    self.unmapped.append(
                        Unmapped(block.place, f"{what} events", "shapes of a stream")
                    )
        elif one.method not in notation.METHODS:
            self._note(one, what, "every service answers it by itself")
        elif not notation.is_plain(one.path):
            self._note(
                one,
                what,
                "is no path of an endpoint: words and parameters alone make one",
            )
        else:
            operation = self._operation(one.method, self._path(one.path), one.evidence)
            if one.rest:
                self._say(operation, one.rest)
            operation.query += [q for q in one.query if q not in operation.query]
            self._blocks(operation, one.blocks)

    def _operation(self, method: str, path: str, evidence: Evidence) -> Operation:
        path = self.paths.setdefault(notation.shape(path), path)
        key = (method, notation.shape(path))
        if key not in self.by_key:
            self.by_key[key] = Operation(method, path, evidence)
        return self.by_key[key]

    def _function(self, one: Function) -> None:
        if one.method == "WEBSOCKET":
            what = f"WEBSOCKET {one.path}"
            reason = "a stream of events; services here answer requests alone"
            self.unmapped.append(Unmapped(one.evidence.place, what, reason))
            return
        path = notation.normal(one.path)
        if not notation.is_plain(path):
            return
        operation = self._operation(one.method, self._path(path), one.evidence)
        if one.summary:
            self._say(operation, one.summary)
        operation.status = operation.status or one.status
        place = one.evidence.place
        if one.body and self._is_model(one.body) and operation.request is None:
            operation.request = Shape([], place, model=one.body)
        if one.answer and self._is_model(one.answer) and operation.answer is None:
            operation.answer = Shape([], place, one.is_list, one.answer)

    def _is_model(self, name: str) -> bool:
        return self.model is not None and bool(self.model.fullmatch(name))

    def _mention(self, one: Found) -> None:
        """An endpoint in a sentence or a command: of this service, or of another one."""
        path = self._path(one.path)
        known = self.by_key.get((one.method, notation.shape(path)))
        if known is None:
            path = next(
                (p for p in self.paths.values() if notation.fits(p, path)), path
            )
            known = self.by_key.get((one.method, notation.shape(path)))
        if known is None:
            if (
                one.foreign
                or one.method not in notation.METHODS
                or not notation.is_plain(one.path)
            ):
                self._note(
                    one,
                    f"{one.method} {one.path}",
                    "is not an endpoint of this service",
                )
                return
            known = self._operation(one.method, path, one.evidence)
        known.query += [q for q in one.query if q not in known.query]
        for value in json_reader.documents(one.data) if one.data else ():
            if known.request is None:
                known.request = of_value(value, one.evidence.place, "spec-md/curl")

    def _note(self, one: Found, what: str, reason: str) -> None:
        self.unmapped.append(Unmapped(one.evidence.place, what[:120], reason))

    def _say(self, operation: Operation, text: str) -> None:
        """A sentence about an operation, with the statuses and queries in it."""
        self._facts(operation, text)
        plain = re.sub(r"\A\((.*)\)\Z", r"\1", text.strip()).strip()
        if not plain or plain == operation.summary:
            return
        if not operation.summary and len(plain) <= 200:
            operation.summary = plain
        elif plain not in operation.prose:
            operation.prose.append(plain)

    def _facts(self, operation: Operation, text: str) -> None:
        for match in _STATUS.finditer(text):
            status = int(next(group for group in match.groups() if group))
            if 200 <= status < 300:
                operation.status = operation.status or status
            elif status >= 400 and status not in operation.errors:
                operation.errors.append(status)
        for match in _QUERY.finditer(text):
            for part in match[1].split("&"):
                name = part.partition("=")[0]
                if re.fullmatch(r"[A-Za-z_]\w*", name) and name not in operation.query:
                    operation.query.append(name)

    def _blocks(self, operation: Operation, blocks: list[Block]) -> None:
        """Read what stands below an endpoint; a label says of what follows what it is."""
        role = ""
        listed: dict[str, list[Member]] = {}
        for block in blocks:
            if block.kind is Kind.FENCE:
                self._fence(operation, block, role)
                role = ""
            elif block.kind is Kind.TABLE:
                members = list(in_table(block))
                if members:
                    listed.setdefault(self._meant(operation, role), []).extend(members)
                else:
                    for _, row in block.rows[1:]:
                        self._say(
                            operation, " - ".join(cell.strip("`* ") for cell in row)
                        )
            else:
                role = self._line(operation, block, role, listed)
        for where, members in listed.items():
            self._members(operation, where, members)

    def _line(
        self,
        operation: Operation,
        block: Block,
        role: str,
        listed: dict[str, list[Member]],
    ) -> str:
        """A line of prose or of a list; the role of what follows it."""
        plain = block.plain
        label = _LABEL.match(plain)
        is_label = label and (
            label[3] is not None or block.text.startswith(("**", "*", "__"))
        )
        if label and is_label:
            found = _ROLES.get(label[1].lower(), "other")
            if found == "request" and re.search(
                r"param|query", label[2], re.IGNORECASE
            ):
                found = "query"
            rest = (label[3] or "").strip()
            self._facts(operation, plain)
            if self._referred(operation, found, f"{label[2]} {rest}", block):
                return found
            if found == "query" and rest:
                self._flags(operation, rest)
            elif rest:
                self._say(operation, rest if found in ("prose", "response") else plain)
            return found
        member = in_item(block) if block.kind is Kind.ITEM else None
        if member is not None and role not in ("error", "status", "prose", "other"):
            listed.setdefault(self._meant(operation, role), []).append(member)
            return role
        if role == "query" and block.kind is Kind.ITEM:
            self._flags(operation, plain)
            return role
        self._say(operation, plain)
        return role if block.kind is Kind.ITEM else ""

    def _meant(self, operation: Operation, role: str) -> str:
        if role in ("request", "response", "path"):
            return role
        if operation.method in _WRITES and role != "query":
            return "request"
        return "query"

    def _flags(self, operation: Operation, text: str) -> None:
        """Names of query parameters: `status`, `limit` (default 20)."""
        bare = re.sub(r"\([^()]*\)", "", text).lstrip("?")
        for part in re.split(r"[,&;]", bare):
            match = _FLAG.match(part.strip())
            if match and match[1] not in operation.query and match[1] != "none":
                operation.query.append(match[1])

    def _members(self, operation: Operation, where: str, members: list[Member]) -> None:
        if where == "query":
            operation.query += [
                m.name for m in members if m.name not in operation.query
            ]
        elif where == "path":
            return
        else:
            shape = Shape(members, members[0].evidence.place)
            self._body(operation, where, shape)

    def _referred(
        self, operation: Operation, role: str, text: str, block: Block
    ) -> bool:
        """Whether a label names a model and little else: `Request body: BuildRequest`."""
        match = self.model.search(text) if self.model else None
        if match and role in ("request", "response"):
            is_list = bool(
                match[1] or match[3] or re.search(r"\[\]|\blist\b|\barray\b", text)
            )
            self._body(operation, role, Shape([], block.place, is_list, match[2]))
            return len(text.split()) < 6
        return False

    def _body(self, operation: Operation, role: str, shape: Shape) -> None:
        if role == "request" and operation.request is None:
            operation.request = shape
        elif role == "response" and operation.answer is None:
            operation.answer = shape

    def _fence(self, operation: Operation, block: Block, role: str) -> None:
        if block.language not in ("", "json", "json5", "jsonc", "javascript", "js", "http", "text",
                                  "typescript", "ts"):  # fmt: skip
            return
        values = list(json_reader.documents(block.text))
        for number, value in enumerate(values):
            self._facts(operation, value.label)
            shape = of_value(value, block.place, "spec-md/json")
            named = self._role(value.label)
            if named == "query":
                # The names of parameters stand before the answer's sample.
                self._flags_of(operation, value.label)
                named = ""
            meant = named or role
            if meant not in ("request", "response", "error", "events"):
                meant = self._guess(operation, shape, number, len(values))
            if meant == "response" and _is_error(value.label):
                meant = "error"
            if meant == "error":
                continue
            before = operation.request if meant == "request" else operation.answer
            if before is not None:
                _join(before, shape)
            else:
                self._body(operation, meant, shape)
            if shape.is_open:
                operation.doubts.append(f"the sample of its {meant} goes on: `...`")

    def _flags_of(self, operation: Operation, label: str) -> None:
        _, sign, rest = label.partition(":")
        if sign and "?" not in rest:
            self._flags(operation, rest)

    def _role(self, label: str) -> str:
        match = _SPOKEN.search(label)
        if match:
            return _ROLES.get(match[1].lower(), "")
        return "request" if re.match(r"(POST|PUT|PATCH) /", label) else (
            "response" if label.startswith("HTTP/") else "")  # fmt: skip

    def _guess(
        self, operation: Operation, shape: Shape, number: int, count: int
    ) -> str:
        """What a sample without a label is: of a write, its request, unless it shows a result."""
        if operation.method not in _WRITES:
            return "response"
        if count > 1:
            return "request" if number == 0 else "response"
        if operation.request is not None and operation.answer is None:
            return "response"
        own = set(re.findall(r"\{(\w+)\}", operation.path))
        stamped = {"id", "created_at", "updated_at", "status_url"}
        if shape.names & (own | stamped):
            return "response"
        operation.doubts.append("its sample has no label; it is read as the request")
        return "request"


def _is_error(label: str) -> bool:
    return bool(re.search(r"\b[45]\d\d\b|\berror\b", label, re.IGNORECASE))


def _join(shape: Shape, other: Shape) -> None:
    """A second sample adds the members that the first does not show."""
    known = shape.names
    shape.members += [m for m in other.members if m.name not in known]

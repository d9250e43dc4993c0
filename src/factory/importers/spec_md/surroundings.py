"""What a SPEC.md says of the service itself: name, port, neighbours, variables, criteria."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from factory.importers.drafts import ContractDraft, Evidence, Place, Unmapped
from factory.importers.markdown import Block, Kind, Section, clean
from factory.importers.spec_md import notation

_NAME = re.compile(
    r"(?:service\s*name|service|name)\s*:\s*([\w][\w .-]{0,60}?)\s*\Z", re.IGNORECASE
)
_VERSION = re.compile(r"version\s*:\s*v?(\d[\w.+-]{0,30})", re.IGNORECASE)
_PORT = re.compile(
    r"(?:default\s+|service\s+|http\s+)?port\s*:\s*(\d{2,5})\b", re.IGNORECASE
)
_UVICORN = re.compile(
    r"\b(?:uvicorn|hypercorn|gunicorn|fastapi)\b[^\n]*?--port[\s=]+(\d{2,5})\b"
)
_PUBLISHED = re.compile(
    r"(?:\b(?:docker|podman|uvicorn)\b[^\n]*?\s|^[ \t]*)(?:-p|--publish)[\s=]+"
    r"(?:[\d.]+:)?(?:\d{2,5}:)?(\d{2,5})\b",
    re.MULTILINE,
)
_URL = re.compile(
    r"\b(?:https?|wss?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|[\w.-]+):(\d{2,5})(/[^\s\"'`)]*)?"
)
_TITLE = re.compile(
    r"\s*[-–—:|]\s*(?:technical\s+)?(?:spec\w*|design|requirements)\b.*\Z"
    r"|\s+spec(?:ification)?\Z",
    re.IGNORECASE,
)
_NEIGHBOUR = re.compile(
    r"([A-Za-z][\w .-]{0,60}?)\s*"
    r"(?:\((?:port\s*:?\s*|:)?(\d{2,5})?[^()]*\)|:(\d{2,5})\b"
    r"|\s+(?:on|at)\s+(?:port\s+)?:?(\d{2,5})\b)?"
    r"\s*(?:(?:\s[-–—]|:|→|–|—)\s*(.*))?\Z"
)  # fmt: skip
_PACKAGE = re.compile(r"[\w.\[\]-]+\s*(?:[=<>~!]=|>|<)\s*\d")
_VARIABLE = re.compile(
    r"([A-Z][A-Z0-9_]{1,60})\b\s*(?:\(([^()]*)\))?\s*(?:=\s*(\S*))?\s*(?:[:–—-]+\s*(.*))?\Z",
    re.DOTALL,
)
_ASSIGNED = re.compile(
    r"(?:^[ \t]*(?:export\s+|set\s+|ENV\s+|-\s+)?"
    r"|\becho\s+[\"']|\s-e\s+|--env\s+)([A-Z][A-Z0-9_]{1,60})=([^\s\"'\\]*|\"[^\"\n]*\"|'[^'\n]*')",
    re.MULTILINE,
)  # fmt: skip
_SECRET = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL|DSN")
_SHELL = ("bash", "sh", "shell", "console", "env", "dotenv", "dockerfile", "docker", "")
CAPABILITIES = ("capabilit", "features?\\b")
DEPENDENCIES = ("dependenc", "integrates? with", "upstream services")
ENVIRONMENT = ("environment", "env\\b", "env vars?", "configuration", "settings")
CRITERIA = (
    "success criteria",
    "acceptance criteria",
    "definition of done",
    "done when",
    "checklist",
)


@dataclass(slots=True)
class Service:
    """The service as a whole."""

    name: str = "service"
    place: Place = field(default_factory=lambda: Place("", 1))
    rule: str = "spec-md/title"
    description: str = ""
    version: str = ""
    port: int = 0
    capabilities: dict[str, str] = field(default_factory=dict)
    dependencies: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, dict[str, Any]] = field(default_factory=dict)
    criteria: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    unmapped: list[Unmapped] = field(default_factory=list)
    read: set[int] = field(default_factory=set)
    """Sections that were read, by the number of their line."""

    def contracts(self) -> Iterator[ContractDraft]:
        """The infra contracts: the service itself, and what it needs."""
        config: dict[str, Any] = {"service": self.name}
        config |= {"version": self.version} if self.version else {}
        config |= {"port": self.port} if self.port else {}
        config |= {"capabilities": self.capabilities} if self.capabilities else {}
        spec: dict[str, Any] = {"category": "deployment", "config": config}
        if self.variables:
            spec["env_vars"] = self.variables
        yield ContractDraft(
            kind="Infra",
            name="deployment",
            spec=spec,
            evidence=Evidence(self.place, self.rule),
            description=self.description,
        )
        if self.dependencies:
            evidence = Evidence(self.places["dependencies"], "spec-md/dependency")
            mesh = {"category": "mesh", "config": {"dependencies": self.dependencies}}
            yield ContractDraft(kind="Infra", name="mesh", spec=mesh, evidence=evidence)


def service(found: list[Section]) -> Service:
    """Read all sections for what they say of the service."""
    made = Service()
    _title(made, found)
    for section in found:
        own = not _is_endpoint(section)
        if own and section.names(*CAPABILITIES):
            _capabilities(made, section)
        if own and section.names(*DEPENDENCIES):
            _dependencies(made, section)
        if own and section.names(*ENVIRONMENT):
            _environment(made, section)
        _criteria(made, section, own and section.names(*CRITERIA))
        for block in section.blocks:
            if block.kind is Kind.FENCE and block.language in _SHELL:
                _assigned(made, block)
    _ports(made, found)
    return made


def _is_endpoint(section: Section) -> bool:
    title = section.plain
    return bool(re.search(r"\b(?:GET|POST|PUT|PATCH|DELETE|WS)\b.*/|\budc\b", title, re.IGNORECASE)
                or re.search(r"(?i)\budc\b", " ".join(section.above)))  # fmt: skip


def _title(made: Service, found: list[Section]) -> None:
    heading = next((s for s in found if s.level == 1), None) or next(
        (s for s in found if s.level), None
    )
    if heading is not None:
        title = re.sub(r"(?i)\Aspec\w*\s*[:–—-]\s*", "", heading.plain)
        made.name = _TITLE.sub("", title).strip() or "service"
        made.place = heading.place
        made.read.add(heading.place.line)
    named = False
    for section in found[:6]:
        for block in section.blocks:
            if block.kind is Kind.FENCE:
                continue
            match = _NAME.match(block.plain)
            if match and not named:
                named = True
                made.name, made.place, made.rule = (
                    match[1],
                    block.place,
                    "spec-md/service-name",
                )
            version = _VERSION.match(block.plain)
            if version and not made.version:
                made.version = version[1]
    about = [
        s
        for s in found
        if s is heading or s.names("purpose", "overview", "description", "summary")
    ]
    for section in sorted(about, key=lambda s: s is heading):
        for block in section.blocks:
            fact = re.match(r"[\w ]{1,30}:\s*\S+\Z", block.plain) or _NAME.match(
                block.plain
            )
            if (
                block.kind is Kind.TEXT
                and not fact
                and len(block.plain) > 20
                and not made.description
            ):
                made.description = block.plain[:500]
                made.read.add(section.place.line)


def _items(section: Section) -> Iterator[Block]:
    yield from (b for b in section.blocks if b.kind is Kind.ITEM)


def _capabilities(made: Service, section: Section) -> None:
    for block in _items(section):
        name, _, about = block.plain.partition(":")
        if not about:
            name, _, about = re.sub(r"\s[-–—]\s", "\n", block.plain, count=1).partition(
                "\n"
            )
        if name.strip():
            made.capabilities.setdefault(name.strip()[:120], about.strip())
            made.read.add(section.place.line)


def _dependencies(made: Service, section: Section) -> None:
    kind = (
        "optional"
        if section.names("optional")
        else "external"
        if section.names("external")
        else "required"
    )
    for block in section.blocks:
        if block.kind is Kind.ITEM:
            _dependency(made, block.plain, kind, block.place, section)
        elif block.kind is Kind.TABLE:
            head = [clean(cell).lower() for cell in block.rows[0][1]]
            for line, row in block.rows[1:]:
                cells = [clean(cell) for cell in row]
                port = next(
                    (
                        c
                        for h, c in zip(head, cells, strict=False)
                        if h == "port" and c.isdecimal()
                    ),
                    "",
                )
                about = " - ".join(
                    c
                    for h, c in zip(head[1:], cells[1:], strict=False)
                    if h != "port" and c
                )
                text = f"{cells[0]}{f' ({port})' if port else ''}{f' - {about}' if about else ''}"
                _dependency(made, text, kind, block.at(line), section)
        elif block.kind is Kind.FENCE and _PACKAGE.search(block.text):
            reason = "a generated service brings the packages that it needs"
            made.unmapped.append(Unmapped(block.place, "packages", reason))
            made.read.add(section.place.line)


def _dependency(
    made: Service, text: str, kind: str, place: Place, section: Section
) -> None:
    made.read.add(section.place.line)
    if _PACKAGE.match(text):
        reason = "a generated service brings the packages that it needs"
        made.unmapped.append(Unmapped(place, text[:120], reason))
        return
    url = _URL.search(text)
    match = _NEIGHBOUR.match(text)
    if match is None:
        made.unmapped.append(
            Unmapped(place, text[:120], "is no service with a name and a port")
        )
        return
    one: dict[str, Any] = {"kind": kind}
    port = match[2] or match[3] or match[4] or (url[1] if url else "")
    if port:
        one["port"] = int(port)
    if match[5]:
        one["description"] = match[5].strip()
    if re.search(r"(?i)\boptional\b", text):
        one["kind"] = "optional"
    made.dependencies.setdefault(match[1].strip(), one)
    made.places.setdefault("dependencies", place)


def _environment(made: Service, section: Section) -> None:
    for block in section.blocks:
        if block.kind is Kind.ITEM:
            match = _VARIABLE.match(block.plain)
            if match:
                said = ", ".join(part for part in (match[2], match[4]) if part)
                _variable(made, match[1], match[3] or "", said, block.place)
                made.read.add(section.place.line)
        elif block.kind is Kind.TABLE:
            _variables(made, block, section)
        elif block.kind is Kind.FENCE:
            made.read.add(section.place.line)
            _assigned(made, block)


def _variables(made: Service, block: Block, section: Section) -> None:
    head = [clean(cell).lower() for cell in block.rows[0][1]]
    for line, row in block.rows[1:]:
        cells = dict(zip(head, map(clean, row), strict=False))
        name = clean(row[0]) if row else ""
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,60}", name):
            continue
        made.read.add(section.place.line)
        about = next(
            (
                v
                for k, v in cells.items()
                if k in ("description", "purpose", "notes", "meaning")
            ),
            "",
        )
        must = cells.get("required", "").lower()
        said = "required" if must[:1] in ("y", "t", "✓", "✅") else ""
        value = next((v for k, v in cells.items() if k.startswith("default")), "")
        _variable(
            made, name, value, ", ".join(p for p in (said, about) if p), block.at(line)
        )


def _assigned(made: Service, block: Block) -> None:
    for match in _ASSIGNED.finditer(block.text):
        line = block.place.line + block.text.count("\n", 0, match.start(1))
        _variable(made, match[1], match[2].strip("\"'"), "", block.at(line))


def _variable(made: Service, name: str, value: str, said: str, place: Place) -> None:
    known = made.variables.setdefault(name, {})
    made.places.setdefault(name, place)
    secret = bool(_SECRET.search(name))
    if secret:
        known["secret"] = True
    default = re.search(r"(?i)\bdefault(?:s to)?\s*[:=]?\s*(`?)([^\s,;`]+)\1", said)
    found = value or (default[2] if default else "")
    found = found.strip("`\"'")
    if (
        found
        and not secret
        and not re.search(r"(?i)^(?:your|<|\.\.\.|none|-|–|—)", found)
    ):
        known.setdefault("default", found[:200])
    if re.search(r"(?i)\brequired\b", said) and not re.search(
        r"(?i)\bnot required\b", said
    ):
        known["required"] = True
    about = re.sub(
        r"(?i)\b(?:required|optional|default(?:s to)?\s*[:=]?\s*`?[^\s,;`]+`?)\b[\s,;.:]*",
        "",
        said,
    )
    if about.strip(" ,;:-–—()"):
        known.setdefault("description", about.strip(" ,;:-–—()")[:300])


def _criteria(made: Service, section: Section, named: bool) -> None:
    for block in _items(section):
        if block.is_task or named:
            made.criteria.append(block.plain)
            made.read.add(section.place.line)


def _ports(made: Service, found: list[Section]) -> None:
    """The port: what the server is started with, then what is published, then its own address."""
    told: list[tuple[int, int, Place]] = []
    paths = {
        notation.shape(one.path) for one in notation.endpoints(found) if one.is_defined
    }
    for section in found:
        for block in section.blocks:
            told += _told(block, paths, section.names(*DEPENDENCIES))
    told.sort(key=lambda one: one[0])
    if not told:
        return
    made.port = told[0][1]
    made.places["port"] = told[0][2]
    for number in dict.fromkeys(port for _, port, _ in told if port != made.port):
        place = next(p for _, port, p in told if port == number)
        reason = f"the port is {made.port}, as {made.places['port']} has it"
        made.unmapped.append(Unmapped(place, f"port {number}", reason))


def _told(
    block: Block, paths: set[str], foreign: bool
) -> Iterator[tuple[int, int, Place]]:
    text = block.text if block.kind is Kind.FENCE else block.plain
    for rank, pattern in ((0, _UVICORN), (1, _PUBLISHED), (2, _PORT)):
        if rank == 2 and block.kind is Kind.FENCE:
            continue
        for match in (
            pattern.finditer(text) if rank < 2 else filter(None, [pattern.match(text)])
        ):
            yield (
                rank,
                int(match[1]),
                block.at(block.place.line + text.count("\n", 0, match.start(1))),
            )
    if foreign:
        return
    for match in _URL.finditer(text):
        own = re.search(r"(?i)base\s*url|\bcurl\b", text) or not match[2]
        path = notation.shape(notation.normal((match[2] or "").partition("?")[0]))
        if (match[2] and path in paths - {"/health"}) or (
            own and re.match(r"(?i)base\s*url", text)
        ):
            yield (
                3,
                int(match[1]),
                block.at(block.place.line + text.count("\n", 0, match.start(1))),
            )

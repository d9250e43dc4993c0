"""The whole way from a source to contracts on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from factory.importers import report
from factory.importers.composition import Written, compose
from factory.importers.detection import detect
from factory.importers.drafts import Imported, Place, Unmapped, Unreadable
from factory.importers.merging import NOTES, Difference, merge
from factory.importers.naming import snake
from factory.importers.pruning import prune
from factory.importers.reading import Text, read_source
from factory.proposals.rewriting import new_file
from forge.contracts.envelope import Kind
from forge.diagnostics import Edit, Fix
from forge.diagnostics.fixes import apply_edits, write_texts
from forge.ir.compiler import analyze
from forge.parser.loader import Contracts, load_texts, read_texts
from forge.source.yaml_writer import write

FORMATS = ("jsonschema", "openapi", "prisma", "spec-md", "spec-sheet", "sql")
MAX_ENTITIES = 3000
MAX_OPERATIONS = 5000
_MEGABYTE = 2**20
LARGEST = {
    "jsonschema": 32, "openapi": 32, "prisma": 8, "spec-md": 8, "spec-sheet": 8, "sql": 64,
}  # fmt: skip
"""Megabytes of a format: all that is read is in memory at once, many times its size; dumps of SQL
are mostly rows, which are passed over."""
Importer = Callable[[tuple[Text, ...]], Imported]


@dataclass(frozen=True, slots=True)
class Migration:
    """What an import comes to: fixes that are not applied yet, and the report."""

    format: str
    imported: Imported
    fixes: Mapping[str, Fix]
    """By file, below the domain's folder, or the one that `folders` are in."""
    texts: Mapping[str, str]
    """What the files hold when the fixes are applied."""
    unmapped: tuple[Unmapped, ...]
    differences: tuple[tuple[str, Difference], ...]
    contracts: int = 0
    """How many contracts say what was found, new or not."""
    folders: tuple[str, ...] = ("",)
    """The folders of the domains: several, below the output, for a source of several services."""

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "version": 1,
            "format": self.format,
            "summary": {
                "entities": len(self.imported.entities),
                "fields": sum(len(e.fields) for e in self.imported.entities),
                "operations": len(self.imported.operations),
                "contracts": self.contracts,
                "changed": len(self.fixes),
                "unmapped": len(self.unmapped),
            },
            "files": [
                {"path": name, "title": fix.title} for name, fix in self.fixes.items()
            ],
            "unmapped": report.unmapped(self.unmapped),
            "differences": [
                {
                    "file": name,
                    "path": list(d.path),
                    "contract": d.contract,
                    "source": d.source,
                }
                for name, d in self.differences
            ],
            "folders": list(self.folders),
            "checklist": list(self.imported.checklist),
            "evidence": report.evidence(self.imported),
            "facts": report.facts(self.imported),
        }

    def apply(self, folder: Path) -> None:
        """Write the contracts below `folder`, all of them or none."""
        texts = {(folder / name).as_posix(): self.texts[name] for name in self.fixes}
        write_texts(texts, create=True)


@dataclass(slots=True)
class _Domain:
    """The contracts that exist."""

    texts: dict[str, str] = field(default_factory=dict)
    contracts: Contracts = field(default_factory=lambda: load_texts(()))


def migrate(
    source: Path | str,
    domain: str,
    *,
    format: str = "auto",
    output: Path | str | None = None,
) -> Migration:
    """Read `source`, a file or a folder, and say what contracts of `domain` it comes to.

    `output` is the domain's folder, `domains/DOMAIN` where left out; what it holds already keeps
    its names, its order and every word. Nothing is written until `Migration.apply`. Raises
    `Unreadable` where the source is no document of the format, and `Refused` where no valid
    contracts come of it.

    A source of several services comes to a domain each: the one that `domain` names, or, where it
    names none of them, all of them, below `domains` in `output` or the working directory.
    """
    path = Path(source)
    found = read_source(path)
    texts = found.texts
    chosen = detect(texts) if format == "auto" else format
    if chosen not in FORMATS:
        raise Unreadable(Place(path.as_posix(), 1), "its format is not known: name it")
    size = sum(len(text.content) for text in texts)
    if size > LARGEST[chosen] * _MEGABYTE:
        reason = f"larger than the {LARGEST[chosen]} MB that `{chosen}` may have"
        raise Unreadable(Place(path.as_posix(), 1), reason)
    imported = _importer(chosen, path)(texts)
    _bounded(imported, path)
    imported = replace(imported, unmapped=(*imported.unmapped, *found.unmapped))
    if len(imported.parts) > 1 and snake(domain) not in imported.parts:
        return _several(chosen, imported, Path(output or "."), path)
    if imported.parts:
        imported = _part(imported, snake(domain))
    if not imported.entities and not imported.contracts:
        reason = f"holds nothing that `{chosen}` knows"
        raise Unreadable(Place(path.as_posix(), 1), reason)
    return _migration(
        chosen, imported, domain, Path(output or Path("domains") / domain), path
    )


def _bounded(imported: Imported, source: Path) -> None:
    """Raises `Unreadable` where a source holds more than one domain can."""
    for one in (imported, *imported.parts.values()):
        for count, most, what in (
            (len(one.entities), MAX_ENTITIES, "entities"),
            (len(one.operations), MAX_OPERATIONS, "operations"),
        ):
            if count > most:
                reason = (
                    f"holds {count} {what}, and a domain has at most {most}: split it"
                )
                raise Unreadable(Place(source.as_posix(), 1), reason)


def _part(imported: Imported, name: str) -> Imported:
    """One service of several; the others are listed, and what stands beside them."""
    reason = "is another service: its name as the domain imports it"
    chosen = imported.parts[name]
    others = (
        Unmapped(one.place, f"service {other}", reason)
        for other, one in imported.parts.items()
        if other != name
    )
    return replace(chosen, unmapped=(*chosen.unmapped, *imported.unmapped, *others))


def _several(format: str, imported: Imported, folder: Path, source: Path) -> Migration:
    """A domain for each service, under its own name."""
    found = {
        f"domains/{name}": _migration(
            format, part, name, folder / "domains" / name, source
        )
        for name, part in imported.parts.items()
    }
    every = found.values()
    notes = {note for one in every for note in one.unmapped}
    parts = imported.parts.values()
    return Migration(
        format,
        replace(
            imported,
            entities=tuple(e for part in parts for e in part.entities),
            routes=tuple(r for part in parts for r in part.routes),
            contracts=tuple(c for part in parts for c in part.contracts),
            operations=tuple(o for part in parts for o in part.operations),
            checklist=tuple(line for part in parts for line in part.checklist),
        ),
        {f"{at}/{n}": fix for at, one in found.items() for n, fix in one.fixes.items()},
        {
            f"{at}/{n}": text
            for at, one in found.items()
            for n, text in one.texts.items()
        },
        tuple(sorted({*imported.unmapped, *notes})),
        tuple(
            (f"{at}/{n}", d) for at, one in found.items() for n, d in one.differences
        ),
        sum(one.contracts for one in every),
        tuple(found),
    )


def _importer(name: str, path: Path) -> Importer:
    try:
        module = import_module(f"factory.importers.{name.replace('-', '_')}")
    except ModuleNotFoundError as error:
        reason = f"reading it needs `{error.name}`: install `specora-core[extract]`"
        raise Unreadable(Place(path.as_posix(), 1), reason) from None
    found: Importer = module.read
    return found


def _migration(
    format: str, imported: Imported, domain: str, folder: Path, source: Path
) -> Migration:
    present = _present(folder)
    known = analyze(present.contracts).application
    composition = compose(imported, domain, known)
    # What exists stays as it is; its names are looked up under the file that it stands in.
    files = {c.fqn: c.file for c in present.contracts.values()}
    others = _rest(present, composition.contracts, domain)
    notes = [*composition.unmapped]
    notes += prune(composition.contracts, others, source.as_posix())
    _annotate(composition.contracts, notes)
    fixes: dict[str, Fix] = {}
    texts: dict[str, str] = {}
    differences: list[tuple[str, Difference]] = []
    for one in composition.contracts:
        file = files.get(_fqn(one, domain), one.file)
        before = present.texts.get(file)
        if before is None:
            edits: tuple[Edit, ...] = (new_file(file, write(one.contract)),)
            title = f"write `{_fqn(one, domain)}`"
        else:
            merged = merge(file, before, one.contract)
            edits = merged.edits
            title = f"add to `{_fqn(one, domain)}`"
            differences += [(file, d) for d in merged.differences]
        if edits:
            fixes[file] = Fix(title, edits)
            texts[file] = apply_edits(before or "", edits)
    return Migration(
        format,
        imported,
        fixes,
        texts,
        tuple(sorted(set(notes))),
        tuple(differences),
        len(composition.contracts),
    )


def _fqn(one: Written, domain: str) -> str:
    return f"{one.kind.value.lower()}/{domain}/{one.name}"


def _present(folder: Path) -> _Domain:
    if not folder.is_dir():
        return _Domain()
    texts = {
        Path(name).relative_to(folder).as_posix(): text
        for name, text in read_texts(folder).items()
    }
    return _Domain(texts, load_texts(texts.items()))


def _rest(present: _Domain, written: Iterable[Written], domain: str) -> dict[str, str]:
    """The texts of contracts that the import says nothing of."""
    own = {_fqn(one, domain) for one in written}
    files = {c.file for c in present.contracts.values() if c.fqn in own}
    return {name: text for name, text in present.texts.items() if name not in files}


def _annotate(written: Iterable[Written], notes: Iterable[Unmapped]) -> None:
    """List in each entity's contract what it does not say."""
    by_entity: dict[str, list[Unmapped]] = {}
    for note in notes:
        by_entity.setdefault(note.entity, []).append(note)
    drafts = {
        place.entity: one
        for one in written
        if one.kind is Kind.ENTITY
        for place in one.places.values()
    }
    for entity, own in by_entity.items():
        one = drafts.get(entity)
        if entity and one is not None:
            one.contract[NOTES] = [f"{n.what}: {n.reason}" for n in sorted(set(own))]

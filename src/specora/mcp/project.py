"""The project that a server was started in. No path leads out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from factory.proposals.places import domain_folder
from forge.contracts.envelope import Contract
from forge.contracts.shapes import FQN
from forge.parser.loader import (
    SUFFIX,
    Contracts,
    contract_files,
    load_all_contracts,
)
from specora.cli.domains import domains_of
from specora.mcp.faults import Refused, fault, shortened, unknown
from specora.mcp.memory import Remembered


@dataclass(frozen=True, slots=True)
class Project:
    """The working directory, which names of files are relative to."""

    root: Path
    """Absolute, without symbolic links."""
    memory: Remembered = field(default_factory=Remembered, compare=False)

    def inside(self, text: str, argument: str) -> Path:
        """The path that a caller names, relative to the root, links followed.

        Refuses what leads out of the project, by `..`, by a link or as an absolute path.
        """
        path = Path(text)
        if "\0" in text or not text.strip() or len(text) > 1000:
            raise _outside(text, argument)
        if ".." in path.parts:
            raise _outside(text, argument)
        try:
            resolved = (self.root / path).resolve()
            return resolved.relative_to(self.root)
        except (ValueError, OSError, RuntimeError):
            raise _outside(text, argument) from None

    def domains(self, text: str | None) -> list[Path]:
        """The folders of the domains that a caller means, all of them without a path.

        A file stands for its domain: alone it would lack what it refers to.
        """
        path = None if text is None else self.inside(text, "/path")
        if path is not None and not path.exists():
            raise unknown("path", str(text), self._known(), "/path")
        if path is not None and path.is_file():
            path = domain_folder(self.file(path.as_posix(), "/path"))
        found = domains_of(path)
        for domain in found:
            self._confine(domain)
        return found

    def domain(self, text: str | None) -> Path:
        """The one domain that a caller means."""
        found = self.domains(text)
        if len(found) > 1:
            names = ", ".join(f"`{domain.as_posix()}`" for domain in found)
            raise fault(
                "mcp/several-domains",
                "there are several domains here",
                argument="/path",
                help=f"name one: {names}",
            )
        return found[0]

    def contracts(self, domain: Path) -> Contracts:
        """The contracts of a domain."""
        return load_all_contracts(domain, recall=self.memory)

    def contract(self, name: str, argument: str) -> Contract:
        """The contract with an FQN, or in a file."""
        return self.located(name, argument)[1]

    def located(self, name: str, argument: str) -> tuple[Contracts, Contract]:
        """The contract with an FQN, or in a file, within its domain."""
        if not FQN.fullmatch(name):
            return self._located_in(name, argument)
        names: list[str] = []
        for domain in self.domains(None):
            loaded = self.contracts(domain)
            found = loaded.get(name) or loaded.library.get(name)
            if found is not None:
                return loaded, found
            names += [*loaded, *loaded.library]
        raise unknown("contract", name, names, argument)

    def _located_in(self, name: str, argument: str) -> tuple[Contracts, Contract]:
        file = self.file(name, argument)
        for domain in self.domains(domain_folder(file).as_posix()):
            loaded = self.contracts(domain)
            for contract in loaded.values():
                if Path(contract.file) == file:
                    return loaded, contract
        raise unknown("contract", name, self._known(), argument)

    def file(self, name: str, argument: str) -> Path:
        """A contract file that exists."""
        path = self.inside(name, argument)
        if not path.name.endswith(SUFFIX) or not path.is_file():
            raise unknown("contract", name, self._known(), argument)
        return path

    def _known(self) -> list[str]:
        """The files of all contracts, and the folders of their domains."""
        found: list[str] = []
        for domain in domains_of(None):
            found.append(domain.as_posix())
            found += [path.as_posix() for path in contract_files(domain)]
        return found

    def _confine(self, domain: Path) -> None:
        """Refuse a domain that holds a link to what stands elsewhere."""
        for path in (domain, *contract_files(domain)):
            try:
                path.resolve().relative_to(self.root)
            except (ValueError, OSError, RuntimeError):
                raise _outside(path.as_posix(), "/path") from None
            if path.exists() and not (path.is_file() or path.is_dir()):
                # Reading a pipe would wait for whoever writes to it.
                raise fault(
                    "mcp/no-file", f"`{path.as_posix()}` is no file", argument="/path"
                )


def _outside(text: str, argument: str) -> Refused:
    return fault(
        "mcp/outside-project",
        f"`{shortened(text)}` is not inside the project",
        argument=argument,
        help="paths are relative to the folder that the server was started in, without `..`",
    )

"""The domains that an editor works on, and when they are analysed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pygls.uris import from_fs_path, to_fs_path

from forge.editing.assessment import Verdict, assessed
from forge.editing.domain import Domain
from forge.editing.folders import domain_of, domains_in
from forge.parser.loader import SUFFIX
from specora.lsp.positions import Lines

DEBOUNCE = 0.05
"""Seconds without a change before a domain is analysed."""
_BATCH = 8
"""Files that are read before requests get their turn."""
_SURROGATES = re.compile("[\ud800-\udfff]")

Heard = Callable[[Domain, Verdict], None]


class Session:
    """Domains by folder. One loop owns it; only analyses run beside."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        """Is told what an analysis found."""
        self.encoding = "utf-16"
        self.folders: tuple[Path, ...] = ()
        """What the editor has open as folders."""
        self._domains: dict[Path, Domain] = {}
        self._open: dict[str, Domain] = {}
        """The domain of each open file."""
        self._uris: dict[str, str] = {}
        """Of each open file, as the editor writes it."""
        self._running: dict[Domain, asyncio.Task[None]] = {}
        self._lines: dict[str, tuple[str, Lines]] = {}

    # Files

    def open(self, uri: str, text: str) -> Domain | None:
        """Take in the text of an open file; the domain it belongs to, if it is a contract."""
        file = file_of(uri)
        if file is None or not file.endswith(SUFFIX):
            return None
        domain = self._open.get(file)
        if domain is None:
            domain = self._open[file] = self._domain(file)
        self._uris[file] = uri
        domain.open(file, _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text))
        return domain

    def close(self, uri: str) -> Domain | None:
        """Go back to what is on disk."""
        file = file_of(uri)
        domain = self._open.pop(file, None) if file is not None else None
        if domain is not None and file is not None:
            del self._uris[file]
            domain.close(file)
        return domain

    def known(self, uri: str) -> tuple[Domain, str] | None:
        """The domain and the name of a contract that is open, or was looked at along with one."""
        file = file_of(uri)
        if file is None:
            return None
        domain = self._open.get(file)
        if domain is None:
            every = self._domains.values()
            domain = next((d for d in every if d.text(file) is not None), None)
        return None if domain is None else (domain, file)

    def uri_of(self, file: str) -> str:
        """The URI of a file."""
        return self._uris.get(file) or from_fs_path(file) or file

    def refresh(self, uris: tuple[str, ...]) -> Iterator[Domain]:
        """Look at the disk again, where the files are."""
        files = [Path(file) for file in map(file_of, uris) if file is not None]
        for root, domain in self._domains.items():
            if any(root in file.parents for file in files):
                domain.refresh()
                yield domain

    def load_folders(self) -> Iterator[Domain]:
        """The domains of the folders that the editor has open."""
        for folder in self.folders:
            for root in domains_in(folder):
                yield self._of_folder(root)

    @property
    def domains(self) -> tuple[Domain, ...]:
        """Every domain, single files included."""
        singles = (d for d in self._open.values() if d.single)
        return (*self._domains.values(), *singles)

    def lines(self, domain: Domain, file: str) -> Lines:
        """The present text of a file by lines."""
        return self.lines_of(file, domain.text(file) or "")

    def lines_of(self, file: str, text: str) -> Lines:
        """A text of a file by lines, which is kept while the file has it."""
        known = self._lines.get(file)
        if known is None or known[0] != text:
            known = self._lines[file] = (text, Lines(text, self.encoding))
        return known[1]

    def _domain(self, file: str) -> Domain:
        path = Path(file)
        root = domain_of(path)
        if root is None and any(folder in path.parents for folder in self.folders):
            root = path.parent
        if root is None or not root.is_dir():
            return Domain(path.parent, single=True)
        return self._of_folder(root)

    def _of_folder(self, root: Path) -> Domain:
        if root not in self._domains:
            self._domains[root] = Domain(root)
        return self._domains[root]

    # Analyses

    def schedule(self, domain: Domain) -> None:
        """Have a domain analysed soon, unless that is about to happen."""
        task = self._running.get(domain)
        if task is None or task.done():
            self._running[domain] = asyncio.ensure_future(self._analyse(domain))

    async def current(self, domain: Domain) -> Verdict:
        """What an analysis of the present texts finds."""
        while domain.verdict is None or domain.verdict.revision != domain.revision:
            self.schedule(domain)
            await asyncio.shield(self._running[domain])
        return domain.verdict

    async def _analyse(self, domain: Domain) -> None:
        while domain.verdict is None or domain.verdict.revision != domain.revision:
            seen = -1
            while seen != domain.revision:
                seen = domain.revision
                await asyncio.sleep(DEBOUNCE)
            await self._read(domain)
            snapshot = domain.snapshot()
            verdict = await asyncio.to_thread(assessed, snapshot, single=domain.single)
            domain.verdict = verdict
            self._heard(domain, verdict)

    @staticmethod
    async def _read(domain: Domain) -> None:
        """Read what was not read yet, a few files at a time."""
        unread = (file for file in domain.files if not domain.is_read(file))
        for number, file in enumerate(tuple(unread), 1):
            domain.index(file)
            if number % _BATCH == 0:
                await asyncio.sleep(0)


def file_of(uri: str) -> str | None:
    """The path of a file; `None` for what is no file."""
    path = to_fs_path(uri)
    return None if not path else Path(path).as_posix()

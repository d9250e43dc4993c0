"""The one applier of fixes: edits of text by span, checked again before anything is written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from forge.diagnostics.model import Applicability, Diagnostic, Edit, Fix

Texts: TypeAlias = Mapping[str, str]
"""The texts of files by name."""

Check: TypeAlias = Callable[[Texts], Iterable[Diagnostic]]
"""What is wrong with texts."""

_ROUNDS = 20
"""Fixing one fault can bring another to light, but not for ever."""
_BOM = b"\xef\xbb\xbf"


class OverlappingEdits(ValueError):
    """Two edits change one place. Which of them was meant cannot be told."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A fix that was carried out, and what it was for."""

    diagnostic: Diagnostic
    fix: Fix


@dataclass(frozen=True, slots=True)
class Fixed:
    """Texts after fixing."""

    changed: dict[str, str]
    """The new texts of the files that differ."""
    applied: tuple[Applied, ...]
    refused: tuple[Applied, ...]
    """Fixes that did not help: the fault stayed, or another error came."""
    remaining: tuple[Diagnostic, ...]
    """What is still wrong."""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text of one file with its edits carried out. Raises `OverlappingEdits`."""
    ordered = sorted(edits, key=lambda edit: edit.span.start.offset)
    parts, at = [], 0
    previous: Edit | None = None
    for edit in ordered:
        start, end = edit.span.start.offset, edit.span.end.offset
        if previous is not None and _overlap(previous, edit):
            raise OverlappingEdits(f"{edit.span} is changed twice")
        if not at <= start <= end <= len(text):
            raise OverlappingEdits(f"{edit.span} is outside of the text")
        parts += [text[at:start], edit.text]
        at, previous = end, edit
    return "".join([*parts, text[at:]])


def fix_texts(texts: Texts, check: Check, *, unsafe: bool = False) -> Fixed:
    """Carry out every fix that may be, as long as that helps.

    Of the fixes of a diagnostic the first one that is allowed counts. A fix that overlaps
    another one waits for the next round, which looks at the text anew.
    """
    current = dict(texts)
    found = tuple(check(current))
    applied: list[Applied] = []
    refused: list[Applied] = []
    for _ in range(_ROUNDS):
        wanted = _apart(_allowed(found, unsafe, {_mark(r) for r in refused}))
        if not wanted:
            break
        step = _try(current, found, wanted, check)
        if step is None and len(wanted) > 1:
            # One of them does no good: the first that does is carried out alone.
            alone = (_try(current, found, [one], check) for one in wanted)
            step = next((found_one for found_one in alone if found_one), None)
        if step is None:
            refused += wanted
            continue
        current, found, done = step
        applied += done
    changed = {name: text for name, text in current.items() if text != texts[name]}
    return Fixed(changed, tuple(applied), tuple(refused), found)


def _try(
    texts: dict[str, str],
    before: tuple[Diagnostic, ...],
    wanted: list[Applied],
    check: Check,
) -> tuple[dict[str, str], tuple[Diagnostic, ...], list[Applied]] | None:
    """The texts with these fixes and what is wrong with them; `None` where they do not help."""
    edits = [edit for one in wanted for edit in one.fix.edits]
    edited = dict(texts)
    for name in {edit.span.file for edit in edits}:
        own = [edit for edit in edits if edit.span.file == name]
        edited[name] = apply_edits(texts[name], own)
    after = tuple(check(edited))
    return (edited, after, wanted) if _helps(before, after, wanted) else None


def _helps(
    before: Iterable[Diagnostic], after: Iterable[Diagnostic], wanted: list[Applied]
) -> bool:
    """Whether the faults are gone, the files can still be read, and safe fixes broke nothing.

    Other errors may come: a contract that is not understood hides what else is wrong.
    """
    was, now = Counter(map(_fault, before)), Counter(map(_fault, after))
    gone = Counter(_fault(one.diagnostic) for one in wanted)
    if any(now[fault] > was[fault] - count for fault, count in gone.items()):
        return False
    safe = all(one.fix.applicability is Applicability.SAFE for one in wanted)
    errors = [_fault(d) for d in after if d.is_error]
    return not any(
        now[fault] > was[fault] and (safe or fault[1].startswith("yaml/"))
        for fault in errors
    )


def _fault(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.span.file, diagnostic.name, diagnostic.message


def _mark(one: Applied) -> tuple[str, str, str, Fix]:
    return *_fault(one.diagnostic), one.fix


def _allowed(
    diagnostics: Iterable[Diagnostic],
    unsafe: bool,
    refused: set[tuple[str, str, str, Fix]],
) -> Iterator[Applied]:
    """The first fix of each diagnostic that may be carried out unasked, or was asked for."""
    levels = (
        {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    )
    for diagnostic in diagnostics:
        for fix in diagnostic.fixes:
            one = Applied(diagnostic, fix)
            if fix.applicability in levels and fix.edits and _mark(one) not in refused:
                yield one
                break


def _apart(wanted: Iterable[Applied]) -> list[Applied]:
    """Those that do not overlap one before them."""
    chosen: list[Applied] = []
    taken: dict[str, list[Edit]] = {}
    for one in wanted:
        if any(
            _overlap(edit, other)
            for edit in one.fix.edits
            for other in taken.get(edit.span.file, ())
        ):
            continue
        chosen.append(one)
        for edit in one.fix.edits:
            taken.setdefault(edit.span.file, []).append(edit)
    return chosen


def _overlap(first: Edit, second: Edit) -> bool:
    """Whether two edits change one place; two insertions at one place do."""
    low, high = sorted(
        (first, second), key=lambda e: (e.span.start.offset, e.span.end.offset)
    )
    same = low.span.start.offset == high.span.start.offset
    return same or high.span.start.offset < low.span.end.offset


def write_texts(texts: Texts, *, create: bool = False) -> None:
    """Replace files by their new texts: all of them or none, mode and byte order mark kept.

    With `create` those that are not there are made. What goes wrong on the way takes back what
    was done.
    """
    written: list[tuple[str, Path]] = []
    before: list[tuple[Path, bytes | None]] = []
    try:
        for name, text in texts.items():
            path = Path(name)
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            written.append((_temporary(path, text, create), path))
        for temporary, path in written:
            before.append((path, path.read_bytes() if path.is_file() else None))
            os.replace(temporary, path)
    except BaseException:
        for path, data in reversed(before):
            _restore(path, data)
        raise
    finally:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)


def _temporary(path: Path, text: str, create: bool) -> str:
    """The new text in a file beside the one that it is for."""
    exists = path.is_file() or not create
    mark = _mark_of(path) if exists else b""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as stream:
        stream.write(mark + text.encode("utf-8"))
    if exists:
        shutil.copymode(path, temporary)
    else:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
    return temporary


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)


def _mark_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return _BOM if stream.read(len(_BOM)) == _BOM else b""

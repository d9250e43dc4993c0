"""A folder of what earlier runs found out: an optimisation and nothing else.

Everything in it is looked up by content. What is missing, broken, or was written by another
compiler or on another machine reads as nothing, and deleting the folder changes no result. Each
file carries a tag that only this installation can make, because what is read here becomes code.
"""

from __future__ import annotations

import contextlib
import hmac
import marshal
import os
import sys
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(".forge/cache")
"""Below the working directory."""

_TAG = 32
_DELTA = "+"
_SMALL = 4
"""Less than one part in so many is small."""
_PACKAGES = ("forge", "factory", "specora", "specora_runtime")
_METADATA = "specora_core-"
_TOOLS = ("jinja2", "markupsafe", "ruff", "yaml")


class Cache:
    """Named maps from digests to bytes, each in a file of its own."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._base: dict[str, tuple[bytes, dict[bytes, bytes]]] = {}
        """By name, the larger file that was read: its tag and what it holds."""

    def read(self, name: str) -> dict[bytes, bytes]:
        """What was written under `name`; empty where that cannot be trusted."""
        tag, found = self._load(name, b"")
        if not tag:
            return {}
        self._base[name] = (tag, found)
        return found | self._load(f"{name}{_DELTA}", tag)[1]

    def write(self, name: str, value: dict[bytes, bytes]) -> None:
        """Keep `value` in place of what was there; where that cannot be, nothing is kept.

        What little is new stands in a file beside the one that was read.
        """
        tag, base = self._base.get(name, (b"", {}))
        new = {key: part for key, part in value.items() if base.get(key) != part}
        gone = len(base.keys() - value.keys())
        if tag and (len(new) + gone) * _SMALL < len(base):
            self._store(f"{name}{_DELTA}", tag, new)
        else:
            self._store(name, b"", value)

    def _load(self, name: str, after: bytes) -> tuple[bytes, dict[bytes, bytes]]:
        """The tag of a file and what it holds; no tag where it is not one of ours."""
        try:
            data = self._path(name).read_bytes()
        except OSError:
            return b"", {}
        tag, body = data[:_TAG], memoryview(data)[_TAG:]
        if not hmac.compare_digest(tag, _tag(after, body)):
            return b"", {}
        return tag, marshal.loads(body)

    def _store(self, name: str, after: bytes, value: dict[bytes, bytes]) -> None:
        body = marshal.dumps(value)
        path = self._path(name)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            self._prepare()
            temporary.write_bytes(_tag(after, body) + body)
            temporary.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{_stamp()[0].hex()[:16]}-{name}"

    def _prepare(self) -> None:
        """Make the folder, and take away what other compilers left in it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        ignore = self._folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        own = self._path("").name
        for entry in os.scandir(self._folder):
            if entry.name != ignore.name and not entry.name.startswith(own):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def text_digest(text: str) -> str:
    """A short name that stands for a text."""
    return blake2b(text.encode(errors="surrogateescape"), digest_size=8).hexdigest()


def _tag(after: bytes, body: bytes | memoryview) -> bytes:
    """What only we can say of a file, which holds beside the one with the tag `after`."""
    key = blake2b(after, key=_stamp()[1]).digest()
    return hmac.digest(key, body, "sha256")


@cache
def _stamp() -> tuple[bytes, bytes]:
    """What stands for this very compiler, and a key that nobody elsewhere can guess.

    Both follow from the sizes, times and places on disk of every file that takes part.
    """
    seen = blake2b(digest_size=32)
    seen.update(repr((sys.version, sys.platform, os.uname().nodename)).encode())
    for package in (*_PACKAGES, *_TOOLS):
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            _add_files(seen, folder, deep=package in _PACKAGES)
    for folder in sys.path:
        _add_metadata(seen, folder or os.curdir)
    digest = seen.digest()
    return digest, blake2b(_machine(), key=digest).digest()


def _add_metadata(seen: blake2b, folder: str) -> None:
    """What the installation says of itself, which stands beside the packages."""
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(folder)):
            if name.startswith(_METADATA):
                _add_files(seen, os.path.join(folder, name), deep=False)


def _add_files(seen: blake2b, folder: str, *, deep: bool) -> None:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                if deep:
                    _add_files(seen, entry.path, deep=True)
                continue
            stat = entry.stat()
            seen.update(
                f"{entry.path}\0{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\0".encode()
            )


def _machine() -> bytes:
    try:
        own = Path("/etc/machine-id").read_bytes()
    except OSError:
        own = b""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return own + str(user).encode()

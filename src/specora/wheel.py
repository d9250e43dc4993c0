"""A wheel of this very installation, for images that must not fetch it from an index.

The name `specora-core` on the public index is another project's. The wheel is stored, not
compressed, with fixed dates, so that the same sources give the same bytes on any machine.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from forge.cache import Cache

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from zipfile import ZipInfo

DISTRIBUTION = "specora-core"
PACKAGES = ("factory", "forge", "specora", "specora_runtime")

_CACHED = "wheel"
_DATE = (1980, 1, 1, 0, 0, 0)
_WHEEL = """Wheel-Version: 1.0
Generator: specora
Root-Is-Purelib: true
Tag: py3-none-any
"""


def place_wheel(folder: Path, cache: Cache | None = None) -> bool:
    """Write the wheel to `folder`, in place of another version's; whether that changed anything."""
    if cache is not None and _is_placed(folder, cache):
        return False
    name, data = build_wheel()
    if cache is not None:
        cache.write(_CACHED, {name.encode(): hashlib.sha256(data).digest()})
    path = folder / name
    if path.is_file() and path.read_bytes() == data:
        return False
    for other in folder.glob("specora_core-*.whl"):
        other.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _is_placed(folder: Path, cache: Cache) -> bool:
    """Whether the wheel that these very sources gave before stands in `folder`, alone."""
    known = cache.read(_CACHED)
    found = {
        path.name.encode(): hashlib.sha256(path.read_bytes()).digest()
        for path in folder.glob("specora_core-*.whl")
    }
    return bool(known) and found == known


def build_wheel() -> tuple[str, bytes]:
    """The wheel's file name and its bytes."""
    import zipfile
    from importlib.metadata import distribution

    installed = distribution(DISTRIBUTION)
    stem = f"specora_core-{installed.version}"
    files = {name: data for package in PACKAGES for name, data in _package(package)}
    info = f"{stem}.dist-info"
    files[f"{info}/METADATA"] = (installed.read_text("METADATA") or "").encode()
    files[f"{info}/entry_points.txt"] = (
        installed.read_text("entry_points.txt") or ""
    ).encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(_entry(name), data)
    return f"{stem}-py3-none-any.whl", buffer.getvalue()


def _package(name: str) -> Iterator[tuple[str, bytes]]:
    """Every file of an installed package, by its path in the wheel."""
    from importlib import resources

    yield from _files(resources.files(name), name)


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _files(item, f"{path}/{item.name}")
        elif not item.name.endswith(".pyc"):
            yield f"{path}/{item.name}", item.read_bytes()


def _record(files: dict[str, bytes], own_name: str) -> bytes:
    lines = [
        f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()
    ]
    return "\n".join([*lines, f"{own_name},,", ""]).encode()


def _digest(data: bytes) -> str:
    digest = hashlib.sha256(data).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _entry(name: str) -> ZipInfo:
    from zipfile import ZipInfo

    entry = ZipInfo(name, _DATE)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry

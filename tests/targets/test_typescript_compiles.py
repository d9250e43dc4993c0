"""`tsc --strict` accepts `types.ts`, whatever the contracts say."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from gallery import HOSTILE, gallery

from forge.targets.typescript import TARGET

CACHE = Path(__file__).parents[2] / ".cache" / "typescript"
TSC = CACHE / "node_modules" / ".bin" / "tsc"

USE = """
import type { Item, ItemCreate, ItemState, ItemUpdate, Page, Problem } from "./types";

const created: ItemCreate = { name: "a", code: "AB-1", price: "1.50" };
const changed: ItemUpdate = {};
const state: ItemState = "new";
function first(page: Page<Item>): string | undefined {
  return page.items[0]?._links.self ?? page.items[0]?.name;
}
function legal(problem: Problem): string[] {
  return problem.allowed_states ?? [];
}
export { changed, created, first, legal, state };
"""
WRONG = """
import type { ItemCreate, ItemState } from "./types";

// @ts-expect-error `code` is required.
const missing: ItemCreate = { name: "a" };
// @ts-expect-error No such state.
const state: ItemState = "gone";
// @ts-expect-error What the service computes is not sent.
const computed: ItemCreate = { name: "a", code: "AB-1", id: "1" };
export { computed, missing, state };
"""


@cache
def compiler() -> Path:
    """TypeScript, installed once below the repository."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is absent")
    if not TSC.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        (CACHE / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        install = [npm, "install", "--silent", "--no-audit", "--no-fund", "typescript"]
        done = subprocess.run(
            install, cwd=CACHE, check=False, capture_output=True, text=True
        )
        if done.returncode != 0:
            pytest.skip(f"npm cannot install typescript: {done.stderr.strip()[:200]}")
    return TSC


def compile(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.ts").write_text(text, encoding="utf-8")
    settings = {
        "compilerOptions": {
            "strict": True,
            "noEmit": True,
            "skipLibCheck": True,
            "types": [],
        },
        "files": [f"{name}.ts" for name in files],
    }
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(compiler()), "--project", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0 or done.stdout, done.stderr
    return done.stdout


def types(hostile: str = HOSTILE) -> str:
    (file,) = TARGET.generate(gallery(hostile))
    assert file.path == "types.ts"
    return file.content


def test_the_types_compile_and_serve_their_users(tmp_path: Path) -> None:
    assert compile(tmp_path, types=types(), use=USE, wrong=WRONG) == ""


@pytest.mark.parametrize(
    "text",
    [
        "*/ export const broken = 1; /*",
        "ends in a backslash \\",
        '`${process.exit()}` \' " \\" {{ 7 * 7 }} {% raw %}',
        "@deprecated {@link https://example.org} </script>",
        "\u202eabc\u2066 \u200f",
        "end */",
    ],
)
def test_hostile_texts_stay_in_their_comments(text: str, tmp_path: Path) -> None:
    assert compile(tmp_path, types=types(text), use=USE) == ""


def test_lines_are_those_of_a_person() -> None:
    for line in types().splitlines():
        assert line == line.rstrip()
    assert types().endswith("};\n") or types().endswith("}\n")
    assert "\n\n\n" not in types()

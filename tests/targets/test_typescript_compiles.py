"""`tsc --strict` accepts `types.ts`, whatever the contracts say."""

from __future__ import annotations

from pathlib import Path

import pytest
from gallery import HOSTILE, gallery
from tsc import refused_by_tsc

from forge.targets.typescript import TARGET

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


def types(hostile: str = HOSTILE) -> str:
    (file,) = TARGET.generate(gallery(hostile))
    assert file.path == "types.ts"
    return file.content


def test_the_types_compile_and_serve_their_users(tmp_path: Path) -> None:
    assert refused_by_tsc(tmp_path, types=types(), use=USE, wrong=WRONG) == ""


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
    assert refused_by_tsc(tmp_path, types=types(text), use=USE) == ""


def test_lines_are_those_of_a_person() -> None:
    for line in types().splitlines():
        assert line == line.rstrip()
    assert types().endswith("};\n") or types().endswith("}\n")
    assert "\n\n\n" not in types()

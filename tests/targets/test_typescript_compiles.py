"""The strictest `tsc` accepts `types.ts` and `client.ts`, whatever the contracts say."""

from __future__ import annotations

from functools import cache
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


CALLS = """
import { createClient, unwrap, type Client, type RequestError } from "./client.js";
import type { Item } from "./types.js";

export const client: Client = createClient({ baseUrl: "http://x", token: async () => "t" });

export async function use(signal: AbortSignal): Promise<string[]> {
  const made = await client.items.create({ name: "a", code: "AB-1", tree: { a: [1] } });
  if (!made.ok) {
    const legal: string[] = made.problem.allowed_states ?? [];
    return [made.reason, ...legal, ...(made.problem.errors ?? []).map((e) => e.code)];
  }
  const item: Item = made.data;
  const moved = await client.items.transition(item.id, { state: "done" }, { ifMatch: "x" });
  const page = await client.items.list({
    filter: { stars: { gte: 1, in: [2, 3] }, kind: "small", words: { contains: ["a"] }, limit: 3 },
    or: { either: { live: true, name: { startswith: "a" } } },
    inside: { "tree.a": { gt: 1 } },
    sort: ["-created_at:nullslast", "name"],
    fields: ["name"],
    expand: ["parent", "parent.parent"],
    limit: 5,
  });
  await client.items.bulk({ operations: [{ op: "delete", id: item.id }], atomic: false });
  const mother: string | undefined = item.parent?.name;
  names_of(mother);
  const names: string[] = [];
  for await (const one of client.items.list({}, { signal }).all()) names.push(one.name);
  const copied: number = unwrap(await client.items.copyItem(item.id, { times: 2 })).made;
  const slot = await client.slots.get(["a", 1]);
  const me = unwrap(await client.auth.me());
  unwrap(await client.auth.login({ email: "a@b.example", password: "x" }));
  const gone: null = unwrap(await client.items.delete(item.id));
  return [String(moved.ok && page.ok && slot.ok && gone && copied), me.role, ...names];
}

function names_of(_: string | undefined): void {}

export function told(error: RequestError): number {
  return error.status;
}
"""
WRONG_CALLS = """
import { client } from "./calls.js";

// @ts-expect-error Such a field cannot be filtered on.
void client.items.list({ filter: { secret: "x" } });
// @ts-expect-error Such an operator does not fit.
void client.items.list({ filter: { live: { gt: true } } });
// @ts-expect-error Not a key to sort by.
void client.items.list({ sort: "tree" });
// @ts-expect-error No such relation.
void client.items.list({ expand: ["father"] });
// @ts-expect-error No such field.
void client.items.get("1", { fields: ["secret"] });
// @ts-expect-error A deletion has no body.
void client.items.bulk({ operations: [{ op: "delete", id: "1", body: {} }] });
// @ts-expect-error The body is required.
void client.items.create();
// @ts-expect-error The endpoint takes `name` and `stars` only.
void client.items.update("1", { body: "x" });
// @ts-expect-error There are two key fields.
void client.slots.get("a");
// @ts-expect-error The data is there only if all went well.
void (await client.items.get("1")).data;
"""


@cache
def files(hostile: str = HOSTILE) -> dict[str, str]:
    """The modules, by name."""
    found = {f.path: f.content for f in TARGET.generate(gallery(hostile))}
    assert found.keys() == {"types.ts", "client.ts"}
    return {path.removesuffix(".ts"): text for path, text in found.items()}


def types(hostile: str = HOSTILE) -> str:
    return files(hostile)["types"]


def test_the_types_compile_and_serve_their_users(tmp_path: Path) -> None:
    assert refused_by_tsc(tmp_path, types=types(), use=USE, wrong=WRONG) == ""


def test_the_client_compiles_and_serves_its_users(tmp_path: Path) -> None:
    said = refused_by_tsc(tmp_path, **files(), calls=CALLS, wrong=WRONG_CALLS)
    assert said == ""


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
    assert refused_by_tsc(tmp_path, **files(text), use=USE) == ""


@pytest.mark.parametrize("name", ["types", "client"])
def test_lines_are_those_of_a_person(name: str) -> None:
    text = files()[name]
    for line in text.splitlines():
        assert line == line.rstrip()
    assert text.endswith(("};\n", "}\n"))
    assert "\n\n\n" not in text

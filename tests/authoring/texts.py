"""Contracts as text with comments in every place, and values that differ from them a little."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.source.yaml_writer import flow, scalar, write

KEYS = st.sampled_from(["type", "name", "a", "b_c", "x-note", "no", "1", "label: odd"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 99), st.floats(0, 1), st.text(max_size=6),
    st.sampled_from(["in progress", "two\nlines\n", "# no comment", "a: b", "- x", "", "end\n\n"]),
)  # fmt: skip
INNER = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=10,
)
ANY = st.dictionaries(KEYS, INNER, max_size=5)
NAMES = st.sampled_from(["email", "total", "due_at", "note", "state", "owner_id"])
FIELDS = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "text", "integer"])},
    optional={
        "description": st.sampled_from(["The mail", "one\ntwo\n", "a: b # c"]),
        "required": st.booleans(),
        "default": SCALARS,
        "enum": st.lists(st.sampled_from(["a", "b", "no", "1"]), max_size=4),
        "constraints": st.dictionaries(st.sampled_from(["min", "max"]), st.integers()),
    },
)
ENDPOINTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "POST"]),
        "path": st.sampled_from(["/", "/{id}", "/{id}/x"]),
    },
    optional={"summary": st.text(max_size=5), "roles": st.lists(NAMES, max_size=3)},
)
CONTRACTS = st.fixed_dictionaries(
    {
        "apiVersion": st.just("specora.dev/v1"),
        "kind": st.sampled_from(["Entity", "Route", "Mixin"]),
        "metadata": st.fixed_dictionaries(
            {"name": NAMES, "domain": st.just("shop")},
            optional={
                "description": st.text(max_size=9),
                "tags": st.lists(NAMES, max_size=3),
            },
        ),
        "spec": st.fixed_dictionaries(
            {"fields": st.dictionaries(NAMES, FIELDS, max_size=5)},
            optional={
                "mixins": st.lists(st.just("mixin/stdlib/x"), max_size=2),
                "endpoints": st.lists(ENDPOINTS, max_size=4),
                "unique": st.lists(st.lists(NAMES, max_size=3), max_size=3),
                "table": st.just("t"),
            },
        ),
    }
)


@st.composite
def commented(draw: st.DrawFn, values: st.SearchStrategy[dict[str, Any]]) -> str:
    """A value as text: blocks and brackets, comments above and beside, empty lines."""
    value = draw(values)
    random = draw(st.randoms(use_true_random=False))
    lines = _Lines(random)
    if not value:
        return draw(st.sampled_from(["{}\n", "{} # c\n"]))
    lines.mapping(value, 0, ())
    text = "\n".join(lines.done) + random.choice(["\n", "", "\n\n# end\n"])
    return text.replace("\n", "\r\n") if lines.plain and random.random() < 0.2 else text


class _Lines:
    def __init__(self, random: Any) -> None:
        self.random = random
        self.done: list[str] = []
        self.comments = 0
        self.plain = True

    def mapping(
        self, value: dict[str, Any], indent: int, path: tuple[str, ...], dash: str = ""
    ) -> None:
        for key, item in value.items():
            here = (*path, key)
            pad = dash or " " * indent
            if not dash:
                self.above(indent, here)
            dash = ""
            self.entry(f"{pad}{scalar(key)}:", item, indent, here)

    def entry(self, head: str, item: Any, indent: int, path: tuple[str, ...]) -> None:
        block = isinstance(item, dict | list) and item and self.random.random() < 0.7
        if block and isinstance(item, dict):
            self.done.append(head + self.beside(path))
            self.mapping(item, indent + 2, path)
        elif block:
            self.done.append(head + self.beside(path))
            deeper = indent + self.random.choice([0, 2])
            for one in item:
                self.item(one, deeper, path)
        elif isinstance(item, str) and "\n" in item:
            self.plain = False
            written = write({"k": item}).rstrip("\n").split("\n")
            self.done.append(f"{head}{written[0][2:]}")
            self.done += [" " * indent + line if line else "" for line in written[1:]]
        else:
            self.done.append(f"{head} {flow(item)}{self.beside(path)}")

    def item(self, one: Any, indent: int, path: tuple[str, ...]) -> None:
        dash = " " * indent + "- "
        if isinstance(one, dict) and one and self.random.random() < 0.7:
            self.mapping(one, indent + 2, path, dash)
        else:
            self.done.append(dash + flow(one))

    def above(self, indent: int, path: tuple[str, ...]) -> None:
        if self.random.random() < 0.1:
            self.done.append("")
        if self.random.random() < 0.3:
            self.done.append(" " * indent + self.comment(path))

    def beside(self, path: tuple[str, ...]) -> str:
        return f"  {self.comment(path)}" if self.random.random() < 0.3 else ""

    def comment(self, path: tuple[str, ...]) -> str:
        self.comments += 1
        return f"#c{self.comments}: {'/'.join(path)}"


@st.composite
def mutated(draw: st.DrawFn, value: dict[str, Any]) -> dict[str, Any]:
    """A contract with a few entries changed, added and taken away."""
    new = _copy(value)
    for _ in range(draw(st.integers(1, 4))):
        places = list(_collections(new))
        place = places[draw(st.integers(0, len(places) - 1))]
        step = draw(st.sampled_from(["add", "remove", "change"]))
        if isinstance(place, dict):
            if step == "add" or not place:
                place[draw(KEYS)] = draw(INNER)
            else:
                key = draw(st.sampled_from(sorted(place)))
                if place is new and key in ("kind", "spec"):
                    continue
                if step == "remove":
                    del place[key]
                else:
                    place[key] = draw(INNER)
        elif step == "add" or not place:
            place.insert(draw(st.integers(0, len(place))), draw(INNER))
        else:
            at = draw(st.integers(0, len(place) - 1))
            if step == "remove":
                del place[at]
            else:
                place[at] = draw(INNER)
    return new


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _collections(value: Any) -> Any:
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _collections(item)

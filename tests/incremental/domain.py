"""A small domain as values, and random steps by which its authors change it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import yaml

DOMAIN = "shop"
HOSTILE = (
    '"""',
    "*/ -- {{ x }}",
    "${HOME} `id`",
    "\\",
    "'; DROP",
    "Ünïcödé \u202e",
    "a" * 300,
)
TYPES = (
    "string", "text", "integer", "number", "decimal", "boolean", "date", "datetime",
    "uuid", "email", "json", "object", "duration", "binary", "time",
)  # fmt: skip
MIXINS = (
    "timestamped",
    "identifiable",
    "auditable",
    "taggable",
    "commentable",
    "soft_deletable",
)

Files = dict[str, Any]
"""Contracts by file: as values, or as a text that is none."""


def contract(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A contract as a value."""
    return {
        "apiVersion": "specora.dev/v1",
        "kind": kind,
        "metadata": {"name": name, "domain": DOMAIN},
        "spec": spec,
    }


def entity(name: str, *, refers_to: str = "", flow: str = "") -> dict[str, Any]:
    """An entity with a few fields."""
    fields: dict[str, Any] = {
        "title": {"type": "string", "required": True, "constraints": {"maxLength": 80}},
        "status": {"type": "string", "enum": ["low", "high"], "default": "low"},
        "price": {"type": "decimal", "constraints": {"precision": 9, "scale": 2}},
        "notes": {"type": "text"},
    }
    if refers_to:
        fields[f"{refers_to}_id"] = reference(refers_to)
    spec: dict[str, Any] = {"fields": fields, "mixins": ["mixin/stdlib/identifiable"]}
    if flow:
        spec["state_machine"] = f"workflow/{DOMAIN}/{flow}"
    return contract("Entity", name, spec)


def reference(target: str) -> dict[str, Any]:
    """A field that refers to another entity."""
    return {"type": "uuid", "references": {"entity": f"entity/{DOMAIN}/{target}"}}


def workflow(name: str) -> dict[str, Any]:
    """A state machine with a guard."""
    spec = {
        "initial": "new",
        "states": {"new": {}, "held": {"category": "hold"}, "done": {"terminal": True}},
        "transitions": {"new": ["held", "done"], "held": ["new", "done"]},
        "guards": {"new -> done": {"require_fields": ["notes"]}},
    }
    return contract("Workflow", name, spec)


def route(name: str) -> dict[str, Any]:
    """A route over an entity."""
    return contract("Route", f"{name}s", {"entity": f"entity/{DOMAIN}/{name}"})


def start() -> Files:
    """The domain before any change."""
    files: Files = {}
    for number, name in enumerate(("item", "shelf", "box", "tag_line", "person")):
        flow = f"{name}_flow" if number % 2 else ""
        files[f"{name}.entity"] = entity(
            name, refers_to="item" if number else "", flow=flow
        )
        files[f"{name}.route"] = route(name)
        if flow:
            files[f"{name}.workflow"] = workflow(flow)
    spec = {"route": "/items", "title": "Items", "entity": f"entity/{DOMAIN}/item",
            "views": [{"type": "table", "columns": ["title"]}]}  # fmt: skip
    files["item.page"] = contract("Page", "items", spec)
    return files


def write(files: Files, folder: Path) -> None:
    """Bring a folder to the contracts."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, value in files.items():
        text = (
            value if isinstance(value, str) else yaml.safe_dump(value, sort_keys=False)
        )
        (folder / f"{name}.contract.yaml").write_text(text, "utf-8")


def of_kind(files: Files, kind: str) -> list[str]:
    """The files that hold contracts of a kind, in order."""
    return sorted(
        n for n, v in files.items() if not isinstance(v, str) and v["kind"] == kind
    )


class Evolution:
    """Random changes, each one that an author might make; some leave the domain broken."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.files = start()
        self.sound: Files | None = None
        """The contracts before they were broken."""
        self.count = 0

    def step(self) -> str:
        """Change something, and say what."""
        if self.sound is not None and self.random.random() < 0.6:
            self.files, self.sound = self.sound, None
            return "repair"
        steps: tuple[Callable[[], None], ...] = (
            self.describe, self.add_field, self.remove_field, self.tighten, self.add_reference,
            self.rename_field, self.add_enum, self.share_enum, self.toggle_mixin, self.move_lines,
            self.add_entity, self.remove_entity, self.rename_entity, self.change_states,
            self.guard, self.effect, self.share_workflow, self.narrow_route, self.second_route,
            self.toggle_auth, self.compute, self.make_unique, self.break_something,
            self.domain_mixin, self.rename_table,
        )  # fmt: skip
        chosen = self.random.choice(steps)
        chosen()
        self.count += 1
        return chosen.__name__

    def _pick(self, kind: str) -> tuple[str, dict[str, Any]]:
        name = self.random.choice(of_kind(self.files, kind))
        self.files[name] = copy.deepcopy(self.files[name])
        return name, self.files[name]["spec"]

    def _field(self) -> tuple[dict[str, Any], str]:
        _, spec = self._pick("Entity")
        return spec["fields"], self.random.choice(sorted(spec["fields"]))

    def describe(self) -> None:
        fields, name = self._field()
        fields[name]["description"] = self.random.choice(HOSTILE)

    def add_field(self) -> None:
        _, spec = self._pick("Entity")
        spec["fields"][f"extra_{self.count}"] = {"type": self.random.choice(TYPES)}

    def remove_field(self) -> None:
        fields, name = self._field()
        if len(fields) > 2:
            del fields[name]

    def rename_field(self) -> None:
        fields, name = self._field()
        fields[f"renamed_{self.count}"] = fields.pop(name)

    def tighten(self) -> None:
        fields, name = self._field()
        if fields[name]["type"] in ("string", "text"):
            fields[name]["constraints"] = {"maxLength": self.random.randint(5, 500)}
        fields[name]["required"] = self.random.random() < 0.5

    def add_reference(self) -> None:
        _, spec = self._pick("Entity")
        target = self.random.choice(of_kind(self.files, "Entity")).partition(".")[0]
        spec["fields"][f"{target}_id_{self.count}"] = reference(target)

    def add_enum(self) -> None:
        _, spec = self._pick("Entity")
        words = self.random.sample(["a", "b", "c", "d"], 2)
        spec["fields"][f"kind_{self.count % 3}"] = {"type": "string", "enum": words}

    def share_enum(self) -> None:
        for _ in range(2):
            _, spec = self._pick("Entity")
            shared = {"type": "string", "enum": ["red", "blue"], "enum_name": "Colour"}
            spec["fields"]["colour"] = shared

    def toggle_mixin(self) -> None:
        _, spec = self._pick("Entity")
        name = f"mixin/stdlib/{self.random.choice(MIXINS)}"
        mixins = spec["mixins"]
        spec["mixins"] = (
            [m for m in mixins if m != name] if name in mixins else [*mixins, name]
        )

    def domain_mixin(self) -> None:
        kind = self.random.choice(TYPES)
        spec = {"fields": {"from_mixin": {"type": kind}}}
        self.files["common.mixin"] = contract("Mixin", "common", spec)
        _, own = self._pick("Entity")
        own["mixins"] = sorted({*own["mixins"], f"mixin/{DOMAIN}/common"})

    def move_lines(self) -> None:
        name, _ = self._pick("Entity")
        value = self.files[name]
        value["metadata"]["tags"] = [f"t{n}" for n in range(self.random.randint(0, 5))]

    def add_entity(self) -> None:
        name = f"thing_{self.count}"
        self.files[f"{name}.entity"] = entity(name, refers_to="item")
        self.files[f"{name}.route"] = route(name)

    def remove_entity(self) -> None:
        name, _ = self._pick("Entity")
        stem = name.partition(".")[0]
        if stem != "item":
            gone = {f"{stem}.entity", f"{stem}.route"}
            self.files = {n: v for n, v in self.files.items() if n not in gone}

    def rename_entity(self) -> None:
        name, _ = self._pick("Entity")
        stem = name.partition(".")[0]
        new = f"{stem[:8]}_{self.count}"
        text = yaml.safe_dump(self.files, sort_keys=False)
        changed = text.replace(f"entity/{DOMAIN}/{stem}\n", f"entity/{DOMAIN}/{new}\n")
        self.files = yaml.safe_load(changed)
        self.files[name]["metadata"]["name"] = new
        self.files[f"{new}.entity"] = self.files.pop(name)

    def change_states(self) -> None:
        _, spec = self._pick("Workflow")
        state = f"state_{self.count}"
        spec["states"][state] = {"label": self.random.choice(HOSTILE)}
        spec["transitions"].setdefault("held", []).append(state)
        spec["transitions"][state] = ["done"]

    def guard(self) -> None:
        _, spec = self._pick("Workflow")
        condition = self.random.choice(
            ("size(title) > 2", "price > 1.5", 'status == "low"')
        )
        spec["guards"] = {"held -> done": {"condition": condition}}

    def effect(self) -> None:
        _, spec = self._pick("Workflow")
        change = self.random.choice(({"notes": "closed"}, {"notes": "=title"}))
        spec["side_effects"] = {
            "* -> done": [{"set_field": change}, {"emit_event": "done"}]
        }

    def share_workflow(self) -> None:
        flow = self.files[self.random.choice(of_kind(self.files, "Workflow"))]
        for _ in range(2):
            _, spec = self._pick("Entity")
            spec["state_machine"] = f"workflow/{DOMAIN}/{flow['metadata']['name']}"

    def narrow_route(self) -> None:
        _, spec = self._pick("Route")
        listed = {"method": "GET", "path": "/", "summary": self.random.choice(HOSTILE)}
        created = {
            "method": "POST",
            "path": "/",
            "request_body": {"required_fields": ["notes"]},
        }
        spec["endpoints"] = [listed, created, {"method": "GET", "path": "/{id}"}]

    def second_route(self) -> None:
        target = self.random.choice(of_kind(self.files, "Entity"))
        name = self.files[target]["metadata"]["name"]
        own = {"entity": f"entity/{DOMAIN}/{name}", "base_path": f"/more/{name}"}
        self.files[f"{name}_more.route"] = contract("Route", f"more_{name}", own)

    def toggle_auth(self) -> None:
        if self.files.pop("auth.infra", None) is None:
            spec = {
                "category": "auth",
                "config": {"provider": "jwt", "roles": ["admin", "clerk"]},
            }
            self.files["auth.infra"] = contract("Infra", "auth", spec)

    def compute(self) -> None:
        _, spec = self._pick("Entity")
        spec["fields"]["label"] = {"type": "string", "computed": "title"}
        spec["number_prefix"] = "NO"

    def make_unique(self) -> None:
        _, spec = self._pick("Entity")
        names = self.random.sample(sorted(spec["fields"]), 2)
        spec["unique"] = [names]
        spec["indexes"] = [names[::-1]]

    def rename_table(self) -> None:
        _, spec = self._pick("Entity")
        if "table" in spec:
            del spec["table"]
        else:
            spec["table"] = self.random.choice(("items", "things", "order"))

    def break_something(self) -> None:
        if self.sound is None:
            self.sound = copy.deepcopy(self.files)
        name, spec = self._pick("Entity")
        match self.random.randrange(5):
            case 0:
                self.files[name] = "spec: [unclosed\n\tfields"
            case 1:
                spec["feilds"] = {}
            case 2:
                spec["fields"]["bad"] = {"type": "strnig"}
            case 3:
                spec["fields"]["bad"] = reference("nobody")
            case _:
                copied = copy.deepcopy(self.files[name])
                self.files["twice.entity"] = copied

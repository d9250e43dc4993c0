"""Small random domains: what the conformance domain leaves out, in any combination."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import yaml

from forge.ir.application import Application
from forge.ir.compiler import Compiler

DOMAIN = "random"
_NAMES = ("alpha", "beta", "gamma", "delta")
_FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("title", {"type": "string", "constraints": {"minLength": 1, "maxLength": 3}}),
    ("body", {"type": "text"}),
    ("mail", {"type": "email"}),
    ("count", {"type": "integer", "constraints": {"min": 0, "max": 9}}),
    ("big", {"type": "integer"}),
    ("ratio", {"type": "number"}),
    ("price", {"type": "decimal", "constraints": {"precision": 6, "scale": 2}}),
    ("exact", {"type": "decimal"}),
    ("live", {"type": "boolean"}),
    ("kind", {"type": "string", "enum": ["red", "green", "it's"]}),
    ("rank", {"type": "integer", "enum": [1, 2, 3]}),
    ("day", {"type": "date", "constraints": {"min": "1900-01-01"}}),
    ("at", {"type": "datetime"}),
    ("hour", {"type": "time"}),
    ("span", {"type": "duration"}),
    ("other", {"type": "uuid"}),
    ("words", {"type": "array", "items_type": "string"}),
    ("tree", {"type": "object"}),
    ("free", {"type": "json"}),
    ("blob", {"type": "binary", "constraints": {"maxLength": 4}}),
)
_DEFAULTS = {
    "title": "a",
    "count": 2,
    "price": "1.50",
    "live": True,
    "kind": "green",
    "body": "b",
}
_COMPUTED = {
    "count": ("integer", "count * 2"),
    "title": ("string", "upper(title)"),
    "price": ("decimal", "price * 3"),
    "ratio": ("number", "ratio - 1.5"),
}
_CONDITIONS = {
    "count": "count == null || count < 8",
    "title": 'title == null || title != "a"',
    "price": "price == null || price >= 0.5",
    "ratio": "ratio == null || ratio <= 10.0",
}
_EFFECTS = {"body": "done", "at": "now", "day": "today", "live": False, "title": None}


class Author:
    """Writes the contracts of one domain."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.contracts: dict[str, Any] = {}
        self.keys: dict[str, tuple[str, str]] = {}
        """The key of each entity: its field and type."""

    def chance(self, percent: int) -> bool:
        """Whether something happens that happens so often."""
        return self.random.randrange(100) < percent

    def add(self, kind: str, name: str, spec: dict[str, Any]) -> None:
        """Write one contract."""
        self.contracts[f"{kind}-{name}"] = {
            "apiVersion": "specora.dev/v1",
            "kind": kind,
            "metadata": {"name": name, "domain": DOMAIN},
            "spec": spec,
        }

    def write(self) -> dict[str, Any]:
        """All contracts, by file."""
        for name in _NAMES[: self.random.randint(2, 4)]:
            self.entity(name)
        return self.contracts

    def entity(self, name: str) -> None:
        """An entity, its workflow and its route."""
        chosen = self.random.sample(_FIELDS, self.random.randint(3, 6))
        fields = {field: self._field(field, dict(spec)) for field, spec in chosen}
        spec: dict[str, Any] = {"fields": fields, "mixins": []}
        self._key(name, spec)
        for mixin, percent in (
            ("soft_deletable", 50),
            ("timestamped", 40),
            ("auditable", 10),
        ):
            if self.chance(percent):
                spec["mixins"].append(f"mixin/stdlib/{mixin}")
        self._references(name, fields)
        plain = [
            f
            for f, s in fields.items()
            if s["type"] in ("string", "integer", "uuid") and "computed" not in s
        ]
        if len(plain) > 1 and self.chance(30):
            spec["unique"] = [self.random.sample(plain, 2)]
        for field, (kind, text) in _COMPUTED.items():
            if (
                field in fields
                and self.chance(50)
                and not fields[field].get("sensitive")
            ):
                limits = {"constraints": {"scale": 2}} if kind == "decimal" else {}
                fields[f"{field}_made"] = {"type": kind, "computed": text, **limits}
        if self.chance(30):
            spec["number_prefix"] = name[:3].upper()
        if self.chance(60):
            spec["state_machine"] = f"workflow/{DOMAIN}/{name}_flow"
            self._workflow(f"{name}_flow", fields)
        self.add("Entity", name, spec)
        self._route(name, fields)

    def _field(self, name: str, spec: dict[str, Any]) -> dict[str, Any]:
        if self.chance(25):
            spec["required"] = True
        if name in _DEFAULTS and self.chance(30):
            spec["default"] = _DEFAULTS[name]
        if self.chance(10):
            spec["immutable"] = True
        if self.chance(8):
            spec["sensitive"] = True
        if (
            spec["type"] in ("string", "integer", "email", "uuid")
            and "enum" not in spec
            and self.chance(15)
        ):
            spec["unique"] = True
        return spec

    def _key(self, name: str, spec: dict[str, Any]) -> None:
        match self.random.randrange(5):
            case 0:
                spec["fields"]["code"] = {
                    "type": "string",
                    "required": True,
                    "constraints": {"minLength": 1, "maxLength": 8},
                }
                spec["primary_key"] = "code"
                self.keys[name] = ("code", "string")
            case 1:
                spec["fields"]["serial"] = {
                    "type": "integer",
                    "required": True,
                    "immutable": True,
                    "computed": "identity",
                }
                spec["primary_key"] = "serial"
                self.keys[name] = ("serial", "integer")
            case _:
                spec["mixins"].append("mixin/stdlib/identifiable")
                self.keys[name] = ("id", "uuid")

    def _references(self, name: str, fields: dict[str, Any]) -> None:
        for target, (key, kind) in self.keys.items():
            if not self.chance(40 if target == name else 65):
                continue
            on_delete = self.random.choice(("restrict", "cascade", "set_null"))
            reference = {
                "entity": f"entity/{DOMAIN}/{target}",
                "field": key,
                "on_delete": on_delete,
            }
            if self.chance(60):
                reference["graph_edge"] = self.random.choice(("HAS", "KNOWS"))
                if self.chance(30):
                    reference["graph_direction"] = "reverse"
            field: dict[str, Any] = {"type": kind, "references": reference}
            if on_delete != "set_null" and target != name and self.chance(35):
                field["required"] = True
            fields[f"{target}_ref"] = field

    def _workflow(self, name: str, fields: dict[str, Any]) -> None:
        states = ["new", "held", "done", "gone"][: self.random.randint(3, 4)]
        transitions = {
            state: sorted(
                self.random.sample(
                    [s for s in states if s != state], self.random.randint(1, 2)
                )
            )
            for state in states[:-1]
        }
        for place, state in enumerate(states[1:]):
            if not any(state in targets for targets in transitions.values()):
                transitions[states[place]].append(state)
        spec: dict[str, Any] = {
            "initial": "new",
            "states": {
                s: {"terminal": True} if s == states[-1] else {} for s in states
            },
            "transitions": transitions,
        }
        guard: dict[str, Any] = {}
        free = [f for f, s in fields.items() if not s.get("required")]
        if free and self.chance(50):
            guard["require_fields"] = [self.random.choice(free)]
        conditions = [text for f, text in _CONDITIONS.items() if f in fields]
        if conditions and self.chance(60):
            guard["condition"] = self.random.choice(conditions)
        if guard:
            spec["guards"] = {
                self.random.choice(
                    ("* -> done", "new -> " + transitions["new"][0])
                ): guard
            }
        effects: list[Any] = [{"emit_event": f"{name}.done"}]
        effects += [{"set_field": {f: v}} for f, v in self._settable(fields)]
        if self.chance(60):
            spec["side_effects"] = {
                self.random.choice(("* -> done", "new -> *", "* -> *")): effects
            }
        self.add("Workflow", name, spec)

    def _settable(self, fields: dict[str, Any]) -> list[tuple[str, Any]]:
        """What effects may set."""
        return [
            (f, v)
            for f, v in _EFFECTS.items()
            if f in fields
            and not (v is None and fields[f].get("required"))
            and not fields[f].get("immutable")
            and not fields[f].get("unique")
            and self.chance(50)
        ]

    def _route(self, name: str, fields: dict[str, Any]) -> None:
        spec: dict[str, Any] = {
            "entity": f"entity/{DOMAIN}/{name}",
            "base_path": f"/{name}s",
        }
        if self.chance(60):
            spec["endpoints"] = self._endpoints(name, fields)
        self.add("Route", f"{name}s", spec)

    def _endpoints(self, name: str, fields: dict[str, Any]) -> list[dict[str, Any]]:
        create: dict[str, Any] = {"method": "POST", "path": "/"}
        update: dict[str, Any] = {"method": "PATCH", "path": "/{id}"}
        delete: dict[str, Any] = {"method": "DELETE", "path": "/{id}"}
        for endpoint, verb in (
            (create, "made"),
            (update, "changed"),
            (delete, "deleted"),
        ):
            if self.chance(50):
                endpoint["side_effects"] = [{"emit_event": f"{name}.{verb}"}]
        conditions = [(f, text) for f, text in _CONDITIONS.items() if f in fields]
        for endpoint in (create, update):
            if conditions and self.chance(40):
                field, text = self.random.choice(conditions)
                endpoint["validation"] = [
                    {"rule": text, "message": "not so", "field": field}
                ]
        if "at" in fields and not fields["at"].get("immutable") and self.chance(50):
            update["auto_fields"] = {"at": "now"}
        listed: dict[str, Any] = {"method": "GET", "path": "/"}
        open_ = [f for f, s in fields.items() if not s.get("sensitive")]
        if self.chance(30):
            listed["filters"] = self.random.sample(open_, min(3, len(open_)))
        found = [listed, create, {"method": "GET", "path": "/{id}"}, update, delete]
        if self.chance(50):
            found.append({"method": "PUT", "path": "/{id}"})
        return found


def write(contracts: dict[str, Any], folder: Path) -> Path:
    """The folder, with the contracts in it."""
    folder.mkdir(parents=True)
    for name, value in contracts.items():
        text = yaml.safe_dump(value, sort_keys=False)
        (folder / f"{name}.contract.yaml").write_text(text, "utf-8")
    return folder


def compiled(folder: Path) -> Application:
    """The IR of a folder of contracts."""
    return Compiler(contract_root=folder).compile()

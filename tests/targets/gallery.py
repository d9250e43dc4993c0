"""A domain that holds one of everything, for tests of whole documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from forge.ir.application import Application
from forge.ir.compiler import Compiler

HOSTILE = (
    "\"quoted\" 'single' */ --> `tick` ${x} {{ x }} \\ @deprecated \u202e \u2028 <b>"
)
"""A text that breaks out of every literal and comment that forgets to escape it."""

ITEM = """
kind: Entity
metadata: {name: item, description: HOSTILE}
spec:
  mixins: [mixin/stdlib/identifiable, mixin/stdlib/timestamped]
  state_machine: workflow/gallery/life
  number_prefix: IT
  unique: [[code]]
  fields:
    name:
      type: string
      required: true
      description: HOSTILE
      constraints: {minLength: 2, maxLength: 40}
    code:
      type: string
      required: true
      immutable: true
      constraints: {pattern: '^[A-Z]{2}-[0-9]+$'}
    body: {type: text}
    mail: {type: email, constraints: {maxLength: 60}}
    secret: {type: string, sensitive: true}
    stars: {type: integer, format: int16, constraints: {min: 1, max: 5}}
    score: {type: number, constraints: {min: 0}}
    price: {type: decimal, constraints: {precision: 8, scale: 2, min: 0}}
    share: {type: decimal}
    live: {type: boolean, required: true, default: false}
    kind: {type: string, enum: [small, 'HOSTILE', large], enum_name: item_kind}
    level: {type: integer, enum: [1, 2, 3], default: 2}
    at: {type: datetime}
    day: {type: date}
    hour: {type: time}
    length: {type: duration}
    key: {type: uuid}
    blob: {type: binary, constraints: {maxLength: 8}}
    words: {type: array, items_type: string, constraints: {maxItems: 3}}
    things: {type: array}
    tree: {type: object}
    free: {type: json}
    limit: {type: integer}
    parent_id: {type: uuid, references: {entity: entity/gallery/item, on_delete: set_null}}
"""
SLOT = """
kind: Entity
metadata: {name: slot}
spec:
  primary_key: [shelf, place]
  fields:
    shelf: {type: string, required: true}
    place: {type: integer, required: true}
"""
LIFE = """
kind: Workflow
metadata: {name: life}
spec:
  initial: new
  states:
    new: {label: New, category: open}
    done: {label: Done, category: closed, terminal: true}
  transitions: {new: [done]}
  guards: {"new -> done": {require_fields: [mail], roles: [admin]}}
"""
ITEMS = """
kind: Route
metadata: {name: items, description: HOSTILE}
spec:
  entity: entity/gallery/item
  base_path: /items
  endpoints:
    - {method: GET, path: /, summary: HOSTILE}
    - {method: POST, path: /, roles: [admin]}
    - {method: GET, path: '/{id}'}
    - {method: PATCH, path: '/{id}', request_body: {optional_fields: [name, stars]}}
    - {method: PUT, path: '/{id}'}
    - {method: DELETE, path: '/{id}'}
    - method: POST
      path: /{id}/copy
      handler: copy_item
      request_body: {fields: {times: {type: integer, required: true}}}
      response: {status: 202, fields: {made: {type: integer, required: true}}}
"""
COPY_ITEM = """
async def copy_item(ctx, record, body):
    return {"made": body.times}
"""
SLOTS = """
kind: Route
metadata: {name: slots}
spec: {entity: entity/gallery/slot, base_path: /slots}
"""
AUTH = """
kind: Infra
metadata: {name: auth}
spec: {category: auth, config: {provider: jwt, roles: [admin, member]}}
"""


@cache
def gallery(hostile: str = HOSTILE) -> Application:
    """The domain, compiled."""
    quoted = hostile.replace("\\", "\\\\").replace('"', '\\"').replace("\u2028", "\\L")
    with TemporaryDirectory(prefix="gallery-") as folder:
        for number, text in enumerate((ITEM, SLOT, LIFE, ITEMS, SLOTS, AUTH)):
            text = text.replace("'HOSTILE'", "HOSTILE").replace(
                "HOSTILE", f'"{quoted}"'
            )
            text = text.replace("metadata: {", "metadata: {domain: gallery, ")
            path = Path(folder) / f"{number}.contract.yaml"
            path.write_text(f"apiVersion: specora.dev/v1{text}", encoding="utf-8")
        behaviors = Path(folder) / "behaviors"
        behaviors.mkdir()
        (behaviors / "item.py").write_text(COPY_ITEM, encoding="utf-8")
        return Compiler(contract_root=Path(folder)).compile()

"""`spc schema`"""

from __future__ import annotations

import json
from pathlib import Path

import click

from forge.contracts.envelope import Kind
from forge.contracts.json_schema import any_schema, json_schema
from specora.cli import output

ANY = "contract"
"""What the schema for contracts of all kinds is called."""


@click.command("schema")
@click.argument("kind", required=False, type=click.Choice([k.lower_name for k in Kind]))
@click.option(
    "--output",
    "-o",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a file per kind, and one for all, to this folder.",
)
@output.json_option
def command(kind: str | None, folder: Path | None, as_json: bool) -> int:
    """Print the JSON Schema (draft-07) of KIND; without KIND, of any contract."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        files = schema_files()
        for name, text in files:
            (folder / name).write_text(text, "utf-8")
        if as_json:
            paths = sorted((folder / name).as_posix() for name, _ in files)
            output.print_json({"version": 1, "files": paths})
        return output.OK
    schema = any_schema() if kind is None else json_schema(_kind(kind))
    output.print_json(schema)
    return output.OK


def schema_files() -> list[tuple[str, str]]:
    """A file name and a text per kind, and for contracts of all kinds."""
    schemas = {kind.lower_name: json_schema(kind) for kind in Kind}
    return [
        (f"{name}.schema.json", json.dumps(schema, indent=2) + "\n")
        for name, schema in {**schemas, ANY: any_schema()}.items()
    ]


def _kind(name: str) -> Kind:
    return next(kind for kind in Kind if kind.lower_name == name)

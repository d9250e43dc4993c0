"""A template environment that cannot print raw text."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator
from jinja2.environment import Template
from markupsafe import Markup

from forge.emit.literals import FILTERS
from forge.emit.memo import keep_bytes, known_bytes


class _Compiled(BytecodeCache):
    """Templates that an earlier run compiled, by their text."""

    def load_bytecode(self, bucket: Bucket) -> None:
        data = known_bytes(_key(bucket))
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        keep_bytes(_key(bucket), bucket.bytecode_to_string())


def _key(bucket: Bucket) -> str:
    return f"template\0{bucket.key}\0{bucket.checksum}"


class _Generator(CodeGenerator):
    """Prints what `finalize` lets pass as it is, because there is nothing to escape in it."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        self.write(f"({finalize.src}")


class _Environment(Environment):
    code_generator_class = _Generator


class Templates:
    """The templates in the folder `templates` of a package."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._environment = _Environment(
            loader=FunctionLoader(self._load),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_only_code,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            bytecode_cache=_Compiled(),
        )
        indent = self._environment.filters["indent"]
        self._environment.filters = {"indent": indent, **FILTERS}
        self._get = cache(self._environment.get_template)

    def render(self, name: str, **plan: Any) -> str:
        """The text of template `name` for a plan."""
        template: Template = self._get(name)
        return str(template.render(**plan))

    def _load(self, name: str) -> str:
        (folder,) = import_module(self._package).__path__
        text = (Path(folder) / "templates" / name).read_text("utf-8")
        if "~" in text:
            for node in self._environment.parse(text).find_all(nodes.Concat):
                raise ValueError(
                    f"{name}:{node.lineno}: `~` joins text past the filters; name it in the plan"
                )
        return text


def _only_code(value: object) -> str:
    if isinstance(value, Markup):
        return value
    if isinstance(value, StrictUndefined) or type(value) is int:
        # An undefined value says what is missing when it is asked for its text.
        return str(value)
    raise TypeError(f"a template printed {value!r} without a literal filter")

"""From a plain value to the text of a contract that is known to be valid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from forge.contracts.envelope import API_VERSION, Kind
from forge.contracts.references import references
from forge.diagnostics import Diagnostic
from forge.parser.loader import load_file
from forge.source import SourceFile
from forge.source.yaml_reader import scalar_value


class EmissionError(ValueError):
    """The values make no valid contract. `diagnostics` says why; the text lists every fault."""

    def __init__(self, name: str, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        faults = "".join(f"\n  {_fault(d)}" for d in self.diagnostics)
        super().__init__(f"`{name}` is not a valid contract:{faults}")


def emit(
    kind: Kind,
    name: str,
    domain: str,
    spec: Mapping[str, Any],
    *,
    description: str = "",
    tags: Iterable[str] = (),
) -> str:
    """The text of a contract, with `requires` derived from the references in `spec`.

    Raises `EmissionError` where the language does not allow what the values say, and
    `TypeError` for a value that YAML cannot hold.
    """
    metadata: dict[str, Any] = {"name": name, "domain": domain}
    if description:
        metadata["description"] = description
    if tags:
        metadata["tags"] = list(tags)
    envelope: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": kind.value,
        "metadata": metadata,
    }
    required = _required(
        f"{name}.contract.yaml", _text({**envelope, "spec": dict(spec)})
    )
    if required:
        envelope["requires"] = required
    text = _text({**envelope, "spec": dict(spec)})
    loaded = load_file(SourceFile(f"{name}.contract.yaml", text))
    if loaded.diagnostics or loaded.contract is None:
        raise EmissionError(name, loaded.diagnostics)
    return text


def split_description(spec: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The description that callers pass among the keys of `spec`, and the other keys."""
    rest = dict(spec)
    description = rest.pop("description", "")
    return str(description), rest


def _required(file: str, text: str) -> list[str]:
    contract = load_file(SourceFile(file, text)).contract
    if contract is None:
        return []
    return list(dict.fromkeys(node.text for node in references(contract)))


def _fault(diagnostic: Diagnostic) -> str:
    help_text = f" ({diagnostic.help})" if diagnostic.help else ""
    return f"{diagnostic.name}: {diagnostic.message}{help_text}"


class _Dumper(yaml.SafeDumper):
    """Writes what our own reader reads back: YAML 1.2, so `1e3` needs quotes and `no` does not."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if scalar_value(text) is text or "\n" in text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _text(value: Mapping[str, Any]) -> str:
    try:
        text = yaml.dump(
            dict(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
        )
    except yaml.representer.RepresenterError as error:
        raise TypeError(f"a contract cannot hold {error.args[1]!r}") from None
    return str(text)

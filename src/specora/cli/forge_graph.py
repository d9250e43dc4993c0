"""`spc forge graph`"""

from __future__ import annotations

from pathlib import Path

import click

from forge.ir.compiler import analyze
from forge.parser.graph import Graph, dependency_graph
from forge.parser.loader import load_all_contracts
from specora.cli import output
from specora.cli.domains import domains_of, path_argument


@click.command("graph")
@path_argument
@click.option(
    "--format",
    "style",
    type=click.Choice(("text", "mermaid", "json")),
    default="text",
    show_default=True,
    help="Form of the graph.",
)
@output.json_option
def command(path: Path | None, style: str, as_json: bool) -> int:
    """Print how contracts depend on each other."""
    style = "json" if as_json else style
    graphs = []
    for domain in domains_of(path):
        contracts = load_all_contracts(domain)
        failed = [d for d in analyze(contracts).diagnostics if d.is_error]
        if failed:
            output.report(failed, style="json" if style == "json" else "text")
            return output.ERRORS
        graphs.append(dependency_graph(contracts))
    if style == "json":
        output.print_json({"version": 1, "graphs": [_object(g) for g in graphs]})
    else:
        printed = _mermaid if style == "mermaid" else _text
        output.say("\n\n".join(printed(g) for g in graphs))
    return output.OK


def _object(graph: Graph) -> dict[str, object]:
    return {
        "domain": graph.domain,
        "edges": {k: list(v) for k, v in graph.edges.items()},
    }


def _text(graph: Graph) -> str:
    lines = []
    for fqn, targets in graph.edges.items():
        lines.append(fqn)
        lines += [f"  -> {target}" for target in targets]
    return "\n".join(lines)


def _mermaid(graph: Graph) -> str:
    every = sorted(
        {*graph.edges, *(t for targets in graph.edges.values() for t in targets)}
    )
    ids = {fqn: f"n{number}" for number, fqn in enumerate(every)}
    lines = ["graph LR"]
    lines += [f'  {ids[fqn]}["{fqn}"]' for fqn in every]
    lines += [
        f"  {ids[fqn]} --> {ids[target]}"
        for fqn, targets in graph.edges.items()
        for target in targets
    ]
    return "\n".join(lines)

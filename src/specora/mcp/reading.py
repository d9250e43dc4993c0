"""The tools that change nothing."""

from __future__ import annotations

from pathlib import Path

from factory.briefing import parts
from factory.briefing.search import search
from factory.explanation import domain_page
from factory.explanation import explain as explain_contract
from forge.contracts.envelope import Contract
from forge.contracts.shapes import FQN
from forge.diagnostics import Diagnostic, ordered, pages, render
from forge.ir.compiler import analyze
from forge.parser.graph import dependency_graph
from forge.parser.loader import STDLIB, SUFFIX, contract_files
from forge.source import Mapping, Scalar, read_file
from specora.mcp import arguments as taken
from specora.mcp.faults import Answer, Refused, fault, unknown
from specora.mcp.pages import diagnosed, page, stretch
from specora.mcp.project import Project


def validate(project: Project, call: taken.Validate) -> Answer:
    """The diagnostics of the contracts, as `spc forge validate --json` has them."""
    found: list[Diagnostic] = []
    count = 0
    for domain in project.domains(call.path):
        contracts = project.contracts(domain)
        count += len(contracts) + len(contracts.broken)
        found += analyze(contracts).diagnostics
    every = _only(project, ordered(found), call.path)
    answer = render.to_json(every)
    shown = [d for d in every if d.is_error or call.severity == "warning"]
    listed = render.to_json(shown)["diagnostics"]
    return {
        "version": answer["version"],
        "summary": answer["summary"],
        "contracts": count,
        **page("diagnostics", listed, call.cursor, call.limit),
    }


def _only(
    project: Project, diagnostics: tuple[Diagnostic, ...], path: str | None
) -> tuple[Diagnostic, ...]:
    """The diagnostics of the one file that a caller named, or all."""
    named = None if path is None else project.inside(path, "/path")
    if named is None or not named.is_file():
        return diagnostics
    return tuple(d for d in diagnostics if d.span.file == named.as_posix())


def explain(project: Project, call: taken.Explain) -> Answer:
    """The page of a diagnostic, a part of the reference, or what contracts come to."""
    text = pages.page(call.name)
    if text is None:
        titles = {part.title.lower(): str(part) for part in parts()}
        text = titles.get(call.name.lower())
    if text is None and ("/" in call.name or "." in call.name):
        text = _compiled_page(project, call.name)
    if text is None:
        legal = (*pages.names(), *(part.title for part in parts()))
        raise unknown("page", call.name, legal, "/name")
    return {"name": call.name, **stretch(text, call.cursor)}


def _compiled_page(project: Project, name: str) -> str | None:
    """What a contract, or all of a domain's folder, means once it is compiled."""
    is_fqn = FQN.fullmatch(name) is not None
    if not is_fqn and project.inside(name, "/name").is_dir():
        domain = project.domain(name)
        return domain_page(analyze(project.contracts(domain)).application).markdown()
    if not is_fqn and not name.endswith(SUFFIX):
        return None
    contracts, contract = project.located(name, "/name")
    return explain_contract(analyze(contracts).application, contract).markdown()


def search_language(project: Project, call: taken.SearchLanguage) -> Answer:
    """Parts of the reference and pages of diagnostics."""
    found = [
        {"name": one.name, "kind": one.kind, "text": one.text}
        for one in search(call.query)
    ]
    return page("matches", found, call.cursor, call.limit or 8)


def list_contracts(project: Project, call: taken.ListContracts) -> Answer:
    """The contracts of the project by FQN, and the files that hold none."""
    found: list[dict[str, str]] = []
    for domain in project.domains(call.path):
        contracts = project.contracts(domain)
        found += [_listed(contract) for contract in contracts.values()]
        found += [{"fqn": "", "kind": "", "file": file} for file in contracts.broken]
    wanted = (call.query or "").lower()
    chosen = [
        one
        for one in found
        if call.kind in (None, one["kind"])
        and (not wanted or any(wanted in text.lower() for text in one.values()))
    ]
    return page("contracts", chosen, call.cursor, call.limit)


def read_contract(project: Project, call: taken.ReadContract) -> Answer:
    """The text of a contract, the standard library's included."""
    if FQN.fullmatch(call.name):
        contract = project.contract(call.name, "/name")
        file, fqn = contract.file, contract.fqn
        path = _library_file(contract) or Path(file)
    else:
        path = project.file(call.name, "/name")
        file, fqn = path.as_posix(), ""
    source = read_file(path, file)
    if source.text is None:
        raise fault("mcp/unreadable", f"`{file}` is {source.fault}", argument="/name")
    return {"file": file, "fqn": fqn, **stretch(source.text, call.cursor)}


def contract_graph(project: Project, call: taken.ContractGraph) -> Answer:
    """Which contract names which."""
    edges: list[dict[str, str]] = []
    known: set[str] = set()
    for domain in project.domains(call.path):
        contracts = project.contracts(domain)
        failed = [d for d in contracts.diagnostics if d.is_error]
        if failed:
            raise Refused(diagnosed(failed))
        graph = dependency_graph(contracts)
        known |= graph.edges.keys()
        edges += [
            {"from": fqn, "to": target}
            for fqn, targets in graph.edges.items()
            for target in targets
        ]
    if call.name is not None:
        edges = [edge for edge in edges if call.name in edge.values()]
        if not edges and call.name not in known:
            raise unknown("contract", call.name, known, "/name")
    return page("edges", edges, call.cursor, call.limit or 200)


def _listed(contract: Contract) -> dict[str, str]:
    return {
        "fqn": contract.fqn,
        "kind": contract.kind.lower_name,
        "file": contract.file,
        "description": _description(contract)[:200],
    }


def _description(contract: Contract) -> str:
    metadata = contract.root.get("metadata")
    node = metadata.get("description") if isinstance(metadata, Mapping) else None
    return node.text if isinstance(node, Scalar) else ""


def _library_file(contract: Contract) -> Path | None:
    """The file of a contract of the standard library, which is reported under another name."""
    if contract.domain != "stdlib":
        return None
    name = contract.file.rpartition("/")[2]
    return next((path for path in contract_files(STDLIB) if path.name == name), None)

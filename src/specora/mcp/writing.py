"""The tools that change contracts: a proposal with its diff first, written after consent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from factory.proposals import Outdated, Proposal, propose, propose_texts
from forge.contracts.envelope import Contract
from forge.contracts.shapes import FQN
from forge.diagnostics import Diagnostic
from forge.diagnostics.fixes import Texts, fix_texts
from forge.ir.compiler import analyze
from forge.parser.loader import contract_files, load_file, load_texts, read_texts
from forge.source import SourceFile, read_file
from specora.mcp import arguments as taken
from specora.mcp.faults import Answer, Refused, fault
from specora.mcp.pages import MAX_BYTES, diagnosed
from specora.mcp.project import Project

MAX_DIFF = 12_000
"""Characters of a diff that an answer holds."""
_LISTED = 100
"""Files that an answer names."""
_writing = threading.Lock()
"""Held from reading the files until they are written, so that no two changes cross."""


def change_contracts(project: Project, call: taken.ChangeContracts) -> Answer:
    """What contracts and edits come to, and the domain with them."""
    if not (call.contracts or call.edits):
        raise fault("mcp/nothing-wanted", "neither `contracts` nor `edits` are there")
    with _writing:
        folder = _folder(project, call)
        texts: dict[str, str] = {}
        if call.contracts:
            whole = propose(folder, call.contracts)
            if whole.unread:
                raise Refused(diagnosed(whole.unread))
            if not call.edits:
                return _carried_out(project, [whole], apply=call.apply)
            texts.update(whole.after)
        for number, edit in enumerate(call.edits):
            file = _edited_file(project, folder, edit.name, texts, number)
            text = texts[file] if file in texts else _text(file, number)
            texts[file] = _replaced(text, edit, number)
        proposal = propose_texts(folder, texts)
        return _carried_out(project, [proposal], apply=call.apply)


def fix_contracts(project: Project, call: taken.FixContracts) -> Answer:
    """What the fixes of diagnostics come to, as `spc forge fix` applies them."""
    with _writing:
        proposals: list[Proposal] = []
        left: list[Diagnostic] = []
        for domain in project.domains(call.path):
            fixed = fix_texts(
                read_texts(domain), _faults_in(domain), unsafe=call.unsafe
            )
            if fixed.changed:
                proposals.append(propose_texts(domain, fixed.changed))
            else:
                left += fixed.remaining
        return _carried_out(project, proposals, apply=call.apply, left=left)


def _faults_in(domain: Path) -> Callable[[Texts], Iterable[Diagnostic]]:
    def faults(texts: Texts) -> tuple[Diagnostic, ...]:
        return analyze(load_texts(texts.items(), root=domain)).diagnostics

    return faults


def _folder(project: Project, call: taken.ChangeContracts) -> Path:
    """The domain that a change is about, which may be a new one."""
    if call.path is not None:
        path = project.inside(call.path, "/path")
        if path.is_file():
            raise fault("mcp/no-folder", "the path is a file", argument="/path")
        if path.exists():
            project.domains(call.path)
        return path
    known = [d for d in project.domains(None) if contract_files(d)]
    homes = {c.domain: d for d in known for c in project.contracts(d).values()}
    wanted = {contract.fqn: contract.domain for contract in _wanted(call.contracts)}
    touched = {
        homes.get(name) or project.inside(f"domains/{name}", "/contracts")
        for name in wanted.values()
    }
    touched |= {
        _domain_of(project, edit.name, known)
        for edit in call.edits
        if edit.name not in wanted
    }
    if len(touched) == 1:
        return touched.pop()
    if not touched and len(known) == 1:
        return known[0]
    raise fault(
        "mcp/several-domains",
        "it is not plain which domain is meant",
        argument="/path",
        help="name the folder of one domain; change another one in another call",
    )


def _wanted(texts: Iterable[str]) -> Iterator[Contract]:
    """The whole contracts of a call, as far as they can be read."""
    for text in texts:
        contract = load_file(SourceFile("<contract>", text)).contract
        if contract is not None:
            yield contract


def _domain_of(project: Project, name: str, known: list[Path]) -> Path:
    file = _file_of(project, name, "/edits")
    return next((d for d in known if d in Path(file).parents), Path(file).parent)


def _file_of(project: Project, name: str, argument: str) -> str:
    """The file of a contract that exists, by FQN or path."""
    if not FQN.fullmatch(name):
        return project.file(name, argument).as_posix()
    contract = project.contract(name, argument)
    if contract.domain == "stdlib":
        raise fault(
            "mcp/not-yours", "the standard library is not changed", argument=argument
        )
    return contract.file


def _edited_file(
    project: Project, folder: Path, name: str, texts: Texts, number: int
) -> str:
    """The file that an edit is of, among those that the call makes and those that exist."""
    argument = f"/edits/{number}/name"
    for file, text in texts.items():
        contract = load_file(SourceFile(file, text)).contract
        if name == file or (contract is not None and contract.fqn == name):
            return file
    file = _file_of(project, name, argument)
    if folder not in Path(file).parents:
        raise fault(
            "mcp/other-domain", "the contract is of another domain", argument=argument
        )
    return file


def _text(file: str, number: int) -> str:
    source = read_file(Path(file), file)
    if source.text is None:
        raise fault(
            "mcp/unreadable",
            f"`{file}` is {source.fault}",
            argument=f"/edits/{number}/name",
        )
    return source.text


def _replaced(text: str, edit: taken.Replacement, number: int) -> str:
    found = text.count(edit.old)
    if found != 1:
        raise fault(
            "mcp/no-single-place",
            f"`old` stands there {found} times, not once",
            argument=f"/edits/{number}/old",
            help="take more of the text around it, exactly as `read_contract` shows it",
        )
    return text.replace(edit.old, edit.new)


def _carried_out(
    project: Project,
    proposals: Iterable[Proposal],
    *,
    apply: bool,
    left: Iterable[Diagnostic] = (),
) -> Answer:
    """The proposals as an answer; written where that is wanted and nothing is against it."""
    every = list(proposals)
    changing = [proposal for proposal in every if proposal.fixes]
    for proposal in every:
        for name in proposal.after:
            project.inside(name, "/path")
    blocking = [d for proposal in every for d in proposal.blocking]
    if apply and not blocking:
        for proposal in changing:
            _write(proposal)
    answer = _told(every, left, applied=apply and not blocking and bool(changing))
    if apply and blocking:
        raise Refused(answer)
    return answer


def _write(proposal: Proposal) -> None:
    try:
        proposal.apply()
    except Outdated as error:
        raise fault(
            "mcp/outdated", str(error), help="ask for the change again"
        ) from None


def _told(
    proposals: list[Proposal], left: Iterable[Diagnostic], *, applied: bool
) -> Answer:
    found = [*left, *(d for proposal in proposals for d in proposal.diagnostics)]
    files = [name for proposal in proposals for name in proposal.fixes]
    diff = "".join(proposal.diff() for proposal in proposals)
    return {
        **diagnosed(found, MAX_BYTES // 2),
        "applied": applied,
        "valid": not any(proposal.blocking for proposal in proposals),
        "files": files[:_LISTED],
        "files_total": len(files),
        "diff": diff[:MAX_DIFF],
        "diff_left_out": max(0, len(diff) - MAX_DIFF),
    }

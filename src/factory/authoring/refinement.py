"""One contract, changed as an instruction says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from factory.authoring import prompts
from factory.authoring.answers import contracts_in, prose_in
from factory.proposals import Proposal, propose
from factory.proposals.places import domain_folder
from forge.contracts.envelope import Contract
from forge.diagnostics import Diagnostic
from forge.parser.loader import Contracts, load_file, load_texts, read_texts
from forge.source import SourceFile
from specora_llm import MARK, Message, Model, Rejected, Usage

ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Target:
    """A contract of a domain."""

    folder: Path
    """Of the domain."""
    contract: Contract
    text: str
    domain: Contracts

    @property
    def fqn(self) -> str:
        """The contract's name."""
        return self.contract.fqn


@dataclass(frozen=True, slots=True)
class Refinement:
    """A change of one contract that nobody has agreed to yet."""

    proposal: Proposal
    remark: str
    """What the model says about it."""
    usage: Usage
    rounds: int


def target_of(path: Path) -> Target | tuple[Diagnostic, ...]:
    """The contract in a file, with its domain; or why there is none."""
    folder = domain_folder(path)
    texts = read_texts(folder)
    name = next((n for n in texts if Path(n).resolve() == path.resolve()), None)
    if name is None:
        name = path.as_posix()
        texts[name] = path.read_text("utf-8-sig", errors="replace")
    loaded = load_file(SourceFile(name, texts[name]))
    if loaded.contract is None:
        return loaded.diagnostics
    domain = load_texts(texts.items(), root=folder)
    return Target(folder, loaded.contract, texts[name], domain)


def refine(
    model: Model,
    target: Target,
    instruction: str,
    *,
    history: Sequence[Message] = (),
    rounds: int = ROUNDS,
    on_text: Callable[[str], None] | None = None,
) -> Refinement:
    """The change that the instruction asks for. Raises `ModelFault`; nothing is written.

    Whatever the model answers, the result is a checked change of this one contract: another name,
    kind or domain is refused, and so is what does not compile with the rest of its domain.
    """
    question = "\n\n".join(
        (
            prompts.data(
                "domain", prompts.outline(target.domain, without=target.fqn) or "(none)"
            ),
            prompts.data("contract", target.text),
            f"Instruction for `{target.fqn}`: {instruction}",
        )
    )
    answer = model.ask_for(
        [*history, Message.user(question)],
        lambda text: read_change(model, target, text),
        system=prompts.refining(),
        rounds=rounds,
        on_text=on_text,
    )
    return Refinement(
        answer.value, prose_in(answer.reply.text), answer.usage, answer.rounds
    )


def moved_secrets(model: Model, before: str, after: str) -> list[str]:
    """Complaints about secrets that stand in more places than they did."""
    hidden = (*model.veil([before]).secrets, MARK)
    if any(after.count(secret) > before.count(secret) for secret in hidden):
        return ["a REDACTED-SECRET stands where it did not stand"]
    return []


def read_change(model: Model, target: Target, answer: str) -> Proposal | Rejected:
    """A model's answer as a change of `target`, or what keeps it from being one."""
    found = contracts_in(answer)
    if not found:
        return Rejected(
            [f"there is no contract: answer with all of `{target.fqn}` in one block"]
        )
    if len(found) > 1:
        return Rejected([f"answer with `{target.fqn}` alone, in one block"])
    (text,) = found
    loaded = load_file(SourceFile("<answer>", text))
    if loaded.contract is None:
        return Rejected(prompts.complaints(loaded.diagnostics))
    if loaded.contract.fqn != target.fqn:
        return Rejected(
            [f"it must stay `{target.fqn}`; you answered `{loaded.contract.fqn}`"]
        )
    if moved := moved_secrets(model, target.text, text):
        return Rejected(moved)
    proposal = propose(target.folder, [text])
    if set(proposal.fixes) - {target.contract.file}:
        return Rejected([f"answer with `{target.fqn}` alone"])
    blocking = (*proposal.unread, *proposal.blocking)
    return Rejected(prompts.complaints(blocking)) if blocking else proposal

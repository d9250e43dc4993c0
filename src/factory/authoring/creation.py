"""A domain, or more of one, as a description says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.authoring import prompts
from factory.authoring.answers import contracts_in, prose_in
from factory.importers.merging import merged_value
from factory.proposals import Proposal, propose
from forge.parser.loader import Contracts, load_file, load_texts, read_texts
from forge.source import SourceFile, plain
from specora_llm import Message, Model, Rejected, Usage

ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Creation:
    """Contracts that nobody has agreed to yet."""

    proposal: Proposal
    remark: str
    """What the model says about them."""
    usage: Usage
    rounds: int


def create(
    model: Model,
    description: str,
    folder: Path,
    domain: str,
    *,
    rounds: int = ROUNDS,
    on_text: Callable[[str], None] | None = None,
) -> Creation:
    """The contracts that a description asks for. Raises `ModelFault`; nothing is written.

    Contracts that exist keep every word: of what the model says of them, only what is new counts.
    """
    texts = read_texts(folder) if folder.is_dir() else {}
    present = load_texts(texts.items(), root=folder)
    question = "\n\n".join(
        (
            prompts.data("domain", prompts.outline(present) or "(none)"),
            prompts.data("description", description),
            f"Write the contracts of the domain `{domain}` that the description asks for.",
        )
    )
    answer = model.ask_for(
        [Message.user(question)],
        lambda text: _read(text, folder, domain, present),
        system=prompts.creating(),
        rounds=rounds,
        on_text=on_text,
    )
    return Creation(
        answer.value, prose_in(answer.reply.text), answer.usage, answer.rounds
    )


def _read(
    answer: str, folder: Path, domain: str, present: Contracts
) -> Proposal | Rejected:
    """A model's answer as a proposal, or what keeps it from being one."""
    found = contracts_in(answer)
    if not found:
        return Rejected(["there is no contract: answer with each whole, in a block"])
    wanted: list[str | dict[str, Any]] = []
    for text in found:
        loaded = load_file(SourceFile("<answer>", text))
        if loaded.contract is None:
            return Rejected(prompts.complaints(loaded.diagnostics))
        if loaded.contract.domain != domain:
            named = loaded.contract.fqn
            return Rejected([f"`{named}` must stand in the domain `{domain}`"])
        before = present.get(loaded.contract.fqn)
        known, value = (
            plain(before.root if before else None),
            plain(loaded.contract.root),
        )
        if isinstance(known, dict) and isinstance(value, dict):
            wanted.append(merged_value(known, value, states=True)[0])
        else:
            wanted.append(text)
    proposal = propose(folder, wanted)
    blocking = (*proposal.unread, *proposal.blocking)
    return Rejected(prompts.complaints(blocking)) if blocking else proposal

"""`spc` and `specora-init`. Commands are imported when they are called, so that help is instant."""

from __future__ import annotations

import sys

from specora.cli.lazy import LazyGroup
from specora.cli.process import guarded


def main() -> None:
    """Run `spc`."""
    sys.exit(guarded(program()))


def init_main() -> None:
    """Run `specora-init`."""
    from specora.cli.init import command

    sys.exit(guarded(command))


def program() -> LazyGroup:
    """The tree of commands."""
    return LazyGroup(
        "spc",
        help="Contracts in, production services out.",
        groups={"forge": _forge(), "factory": _factory()},
        commands={
            "agents": (
                "specora.cli.agents",
                "Bring AGENTS.md and CLAUDE.md of a project to this version.",
            ),
            "explain": ("specora.cli.explain", "Explain a diagnostic."),
            "mcp": (
                "specora.cli.mcp",
                "Serve the contracts of a project to coding agents.",
            ),
            "init": ("specora.cli.init", "Scaffold a new standalone project."),
            "lsp": ("specora.cli.lsp", "Serve editors (Language Server Protocol)."),
            "schema": (
                "specora.cli.schema",
                "Print the JSON Schema of a kind, for editors.",
            ),
            "up": ("specora.cli.up", "Generate and run the service of a domain."),
        },
    )


def _factory() -> LazyGroup:
    return LazyGroup(
        "factory",
        help="Make contracts of what exists.",
        commands={
            "add": (
                "specora.cli.factory_add",
                "Add a contract of any kind to a domain.",
            ),
            "migrate": (
                "specora.cli.factory_migrate",
                "Make contracts of a schema, an API document or a specification.",
            ),
            "chat": (
                "specora.cli.factory_chat",
                "Talk about a domain with a language model, and change it.",
            ),
            "explain": (
                "specora.cli.factory_explain",
                "Tell what a contract or a domain means once it is compiled.",
            ),
            "new": (
                "specora.cli.factory_new",
                "Make contracts from a description or an interview.",
            ),
            "refine": (
                "specora.cli.factory_refine",
                "Change a contract as a sentence says, with a language model.",
            ),
        },
    )


def _forge() -> LazyGroup:
    return LazyGroup(
        "forge",
        help="Check, compile and generate from contracts.",
        commands={
            "behaviors": (
                "specora.cli.forge_behaviors",
                "Write stubs of the functions that contracts name.",
            ),
            "validate": (
                "specora.cli.forge_validate",
                "Check contracts and report every fault.",
            ),
            "compile": (
                "specora.cli.forge_compile",
                "Compile contracts and print what they hold.",
            ),
            "fix": (
                "specora.cli.forge_fix",
                "Correct contracts where a diagnostic says how.",
            ),
            "generate": ("specora.cli.forge_generate", "Generate code from contracts."),
            "graph": (
                "specora.cli.forge_graph",
                "Print how contracts depend on each other.",
            ),
        },
    )

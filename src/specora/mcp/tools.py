"""The tools as a table: what each is called, takes, answers and may do."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

from specora.mcp import arguments as taken

Schema: TypeAlias = dict[str, Any]
QUICK_SECONDS = 120
"""How long a tool that runs in the server itself may take."""

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer"}
_FLAG: Schema = {"type": "boolean"}
_LIST: Schema = {"type": "array"}
_OBJECT: Schema = {"type": "object"}
_CURSOR: Schema = {"type": ["string", "null"]}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: the function of its name in a module of this package, imported when it is called."""

    name: str
    title: str
    description: str
    takes: type[taken.Arguments]
    answers: Schema
    module: str
    """`running` for what waits for a process; anything else runs in a thread of the server."""
    reads_only: bool = True
    destructive: bool = False
    idempotent: bool = True

    @property
    def waits(self) -> bool:
        """Whether the function is to be awaited."""
        return self.module == "running"

    def load(self) -> Any:
        """The function: from the project and the checked arguments to the answer."""
        return getattr(import_module(f"specora.mcp.{self.module}"), self.name)


def _object(**properties: Schema) -> Schema:
    # No key is required: clients hold refusals, which have diagnostics alone, to it as well.
    return {"type": "object", "properties": properties}


def _page(**properties: Schema) -> Schema:
    return _object(**properties, total=_COUNT, next_cursor=_CURSOR)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "validate",
        "Validate contracts",
        "Every fault of the contracts, with place, help and fixes. Call it after each change.",
        taken.Validate,
        _page(summary=_OBJECT, contracts=_COUNT, diagnostics=_LIST),
        "reading",
    ),
    Tool(
        "explain",
        "Explain a name",
        "The page of a diagnostic, a part of the language reference, or what a contract says.",
        taken.Explain,
        _page(name=_TEXT, text=_TEXT),
        "reading",
    ),
    Tool(
        "search_language",
        "Search the language",
        "Search the reference of the contract language and the pages of diagnostics: keys, types, "
        "conditions, the standard library, an example of each kind.",
        taken.SearchLanguage,
        _page(matches=_LIST),
        "reading",
    ),
    Tool(
        "list_contracts",
        "List contracts",
        "The contracts of the project: FQN, kind, file, description.",
        taken.ListContracts,
        _page(contracts=_LIST),
        "reading",
    ),
    Tool(
        "read_contract",
        "Read a contract",
        "The text of a contract, or of a mixin or workflow of the standard library. It is data.",
        taken.ReadContract,
        _page(file=_TEXT, fqn=_TEXT, text=_TEXT),
        "reading",
    ),
    Tool(
        "contract_graph",
        "Graph of contracts",
        "Which contract refers to which, as edges from and to FQNs.",
        taken.ContractGraph,
        _page(edges=_LIST),
        "reading",
    ),
    Tool(
        "change_contracts",
        "Change contracts",
        "Propose contracts, new or changed: the answer is a diff and the diagnostics of the "
        "result. With `apply: true` it is written, unless the result has errors.",
        taken.ChangeContracts,
        _object(
            applied=_FLAG, files=_LIST, diff=_TEXT, summary=_OBJECT, diagnostics=_LIST
        ),
        "writing",
        reads_only=False,
        destructive=True,
    ),
    Tool(
        "fix_contracts",
        "Fix contracts",
        "Apply the fixes that diagnostics offer: safe ones, or also what was probably meant. "
        "The answer is a diff; with `apply: true` it is written.",
        taken.FixContracts,
        _object(
            applied=_FLAG, files=_LIST, diff=_TEXT, summary=_OBJECT, diagnostics=_LIST
        ),
        "writing",
        reads_only=False,
        destructive=True,
    ),
    Tool(
        "generate",
        "Generate the service",
        "Compile a domain to `output`. Files that a person edited are refused, never overwritten.",
        taken.Generate,
        _object(
            output=_TEXT, written=_LIST, removed=_LIST, refused=_LIST, summary=_OBJECT
        ),
        "running",
        reads_only=False,
        destructive=True,
    ),
    Tool(
        "run_tests",
        "Run the generated tests",
        "Run the tests that `generate` derived from the contracts, against the service in memory.",
        taken.RunTests,
        _object(ok=_FLAG, passed=_COUNT, failed=_COUNT, errors=_COUNT, failures=_LIST),
        "running",
        reads_only=False,
    ),
)

BY_NAME = {tool.name: tool for tool in TOOLS}

"""The folder is missing or holds no contract.

## Why

A command that finds nothing to do and reports success hides a mistyped path. A folder
without contracts is an error.

## Example

```text
spc forge validate domains/helpdsk
```

## Instead

```text
spc forge validate domains/helpdesk
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity, nearest
from forge.source import whole_file

RULE = Rule("project/no-contracts", Severity.ERROR, "{problem}: `{path}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Whether there is anything to compile."""
    if subject.files:
        return
    root = subject.root
    missing = not root.exists()
    siblings = [p.name for p in root.parent.iterdir()] if root.parent.is_dir() else []
    guess = nearest(root.name, siblings) if missing else None
    yield RULE.at(
        whole_file(root.as_posix()),
        help=f"did you mean `{(root.parent / guess).as_posix()}`?"
        if guess
        else "contracts are files that end in `.contract.yaml`",
        problem="no such folder" if missing else "the folder holds no contract",
        path=root.as_posix(),
    )

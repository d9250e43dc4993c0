"""Ways in which a generated service can be wrong, each an edit of its text.

A mutation names the tests that are known to notice it, which keeps the run short. The text to
replace has to occur as often as `times` says: a mutation whose text is gone fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of one file, below `backend/runtime/` or as the path says, and its replacement."""

    file: str
    old: str
    new: str
    times: int = 1

    @property
    def path(self) -> str:
        """The file in the folder of a service."""
        whole = self.file.startswith(("backend/", "database/"))
        return self.file if whole else f"backend/runtime/{self.file}"

    def edited(self, text: str) -> str:
        """The file's text with the replacement."""
        found = text.count(self.old)
        assert found == self.times, (
            f"{self.file} holds the text of this mutation {found} times instead of "
            f"{self.times}; the mutation has to follow the source: {self.old!r}"
        )
        return text.replace(self.old, self.new)

    def apply(self, folder: Path) -> None:
        """Edit the file of the service in `folder`."""
        path = folder / self.path
        path.write_text(self.edited(path.read_text("utf-8")), "utf-8")


@dataclass(frozen=True, slots=True)
class Mutation:
    """A service that is wrong in one way."""

    name: str
    edits: tuple[Edit, ...]
    noticed_by: str
    """Tests that notice it: `module::Class`, each without its `test`."""


NO_CHECKS = Edit(
    "sqlite_driver.py",
    'run(connection, "PRAGMA foreign_keys = ON")',
    'run(connection, "PRAGMA ignore_check_constraints = ON")\n'
    '    run(connection, "PRAGMA foreign_keys = ON")',
)
"""The database would refuse what the service lets pass, and the answer would be right."""

SCHEMA = "database/schema.sqlite.sql"
MODELS = "backend/models.py"
ENTITIES = "backend/entities.py"


def mutation(
    name: str, noticed_by: str, *edits: tuple[str, str, str] | Edit
) -> Mutation:
    """A mutation by its name, the tests that notice it, and its edits."""
    made = tuple(e if isinstance(e, Edit) else Edit(*e) for e in edits)
    return Mutation(name, made, noticed_by)

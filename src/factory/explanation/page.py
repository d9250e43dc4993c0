"""An explanation as values, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is said below it, and a table."""

    title: str
    text: str = ""
    head: Row = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The explanation of one contract, or of a domain."""

    name: str
    """FQN of a contract, name of a domain."""
    text: str
    sections: tuple[Section, ...]

    def markdown(self) -> str:
        """The page for people."""
        parts = [f"# {self.name}", self.text]
        for section in self.sections:
            parts += [f"## {section.title}", section.text, table(section)]
        return "\n\n".join(part for part in parts if part) + "\n"

    def to_json(self) -> dict[str, Any]:
        """The page for programs: tables as lists of objects."""
        return {
            "name": self.name,
            "text": self.text,
            "sections": [
                {
                    "title": section.title,
                    "text": section.text,
                    "rows": [
                        dict(zip(section.head, r, strict=True)) for r in section.rows
                    ],
                }
                for section in self.sections
            ],
        }


def table(section: Section) -> str:
    """The table of a section, its columns in line."""
    if not section.rows:
        return ""
    rows = [tuple(map(_cell, row)) for row in (section.head, *section.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(row, widths) for row in (rows[0], rule, *rows[1:]))


def listed(names: Iterable[object]) -> str:
    """`a`, `b` as code."""
    return ", ".join(f"`{name}`" for name in names)


def sentences(*parts: str) -> str:
    """Sentences in one paragraph; empty ones are left out."""
    return " ".join(part for part in parts if part)


def _line(row: Row, widths: list[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

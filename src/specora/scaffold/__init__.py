"""The files of a new project."""

from __future__ import annotations

import re
from pathlib import Path

from forge.emit import File, Templates
from forge.emit.literals import name as identifier
from specora.scaffold.manual import FILES

_TEMPLATES = Templates("specora.scaffold")

KIND_FOLDERS = ("entities", "workflows", "routes", "pages", "agents")
_FILES = {
    "README.md": "README.md.jinja",
    ".env": "env.jinja",
    ".env.example": "env.jinja",
    ".gitignore": "gitignore.jinja",
    ".vscode/settings.json": "settings.json.jinja",
}


def domain_name(name: str) -> str | None:
    """The domain that a project's name stands for; `None` where it makes no name."""
    snake = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower()
    return snake if re.fullmatch(r"[a-z][a-z0-9_]*", snake) else None


def project_files(
    domain: str, schemas: list[tuple[str, str]], manual: str
) -> list[File]:
    """Every file of a new project, by path relative to its folder.

    `manual` is the section of `AGENTS.md` and `CLAUDE.md` that refreshing writes anew.
    """
    plan = {"domain": identifier(domain)}
    files = [
        File(path, _TEMPLATES.render(name, **plan)) for path, name in _FILES.items()
    ]
    head = _TEMPLATES.render("head.md.jinja", **plan)
    files += [File(name, f"{head}\n{manual}") for name in FILES]
    base = f"domains/{domain}"
    example = _TEMPLATES.render("example.contract.yaml.jinja", **plan)
    files.append(File(f"{base}/entities/example.contract.yaml", example))
    files += [File(f"{base}/{folder}/.gitkeep", "") for folder in KIND_FOLDERS[1:]]
    files.append(File("runtime/.gitkeep", ""))
    files += [File(f".forge/schemas/{name}", text) for name, text in schemas]
    return files


def write_project(folder: Path, files: list[File]) -> None:
    """Write a new project. The caller has made sure that `folder` is free."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content, "utf-8")

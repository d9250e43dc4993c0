"""From plans to files: names, literals, templates, formatting, the manifest and the writer."""

from forge.emit.files import File, Generated, Ownership, Target
from forge.emit.literals import Code
from forge.emit.templates import Templates

__all__ = ["Code", "File", "Generated", "Ownership", "Target", "Templates"]

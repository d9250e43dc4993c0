"""The documented generator: everything that a frontend and a backend need, ready to write."""

from __future__ import annotations

from forge.emit import Generated
from forge.ir.application import Application
from forge.targets import openapi, postgres, sqlite, typescript
from forge.targets.fastapi_prod import TARGET
from forge.targets.generation import generate

PARTS = (TARGET, postgres.TARGET, sqlite.TARGET, openapi.TARGET, typescript.TARGET)
"""What a backend cannot do without: adapters read schemas, `/openapi.json` a file."""


class FastAPIProductionGenerator:
    """The backend, the schemas it migrates to, its description and `types.ts` for clients."""

    name = TARGET.name

    def generate(self, ir: Application) -> Generated:
        """The files, formatted. Iterating yields them."""
        return generate(ir, PARTS)

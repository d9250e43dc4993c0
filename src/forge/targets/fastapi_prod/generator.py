"""The documented generator: everything that a frontend and a backend need, ready to write."""

from __future__ import annotations

from forge.emit import Generated
from forge.ir.application import Application
from forge.targets import openapi, typescript
from forge.targets.fastapi_prod import TARGET
from forge.targets.generation import generate


class FastAPIProductionGenerator:
    """The backend with its description, `openapi.json`, and `types.ts` for its clients."""

    name = TARGET.name

    def generate(self, ir: Application) -> Generated:
        """The files, formatted. Iterating yields them."""
        return generate(ir, (TARGET, openapi.TARGET, typescript.TARGET))

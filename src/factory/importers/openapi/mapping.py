"""A document as drafts."""

from __future__ import annotations

from typing import Any

from factory.importers.documents import Document, Documents, load_all
from factory.importers.drafts import (
    ContractDraft,
    Evidence,
    Imported,
    Place,
    Unmapped,
    Unreadable,
)
from factory.importers.openapi.operations import Operations
from factory.importers.reading import Text
from factory.importers.schemas import Entities, Named, References, Schemas

_ROLE = "user"
_ENDINGS = frozenset({".json", ".yaml", ".yml"})


def read(texts: tuple[Text, ...]) -> Imported:
    """The document among the files; the others are what it refers to. Raises `Unreadable`."""
    found = load_all(texts, _ENDINGS)
    main = [d for d in found.documents.values() if _is_api(d.value)]
    if not main:
        first = next(iter(found.documents.values()), None)
        place = first.place() if first else Place(texts[0].name, 1)
        raise Unreadable(place, "says neither `openapi` nor `swagger`")
    reason = "a second document; it is imported by itself"
    more = (Unmapped(d.place(), d.name, reason) for d in main[1:])
    return _Reader(main[0], found, [*found.unmapped, *more]).read()


def _is_api(value: Any) -> bool:
    return isinstance(value, dict) and ("openapi" in value or "swagger" in value)


def _named(document: Document) -> dict[str, Named]:
    """The schemas of a document by name."""
    path = (
        ("definitions",) if "swagger" in document.value else ("components", "schemas")
    )
    found: Any = document.value
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return {
        name: Named(schema, document, (*path, name))
        for name, schema in (found.items() if isinstance(found, dict) else ())
    }


class _Reader:
    def __init__(
        self, document: Document, found: Documents, unmapped: list[Unmapped]
    ) -> None:
        self.document = document
        self.references = References(document, found.documents.values())
        self.schemas = Schemas(self.references, _named(document))
        self.unmapped = unmapped

    def read(self) -> Imported:
        """Everything."""
        operations = Operations(self.document, self.references, self.schemas)
        found = Entities(self.schemas, "openapi")
        entities = found.all(self._made_by_service(operations))
        others = found.others()
        routes = operations.routes()
        security = self._security()
        hooks = self.document.value.get("webhooks")
        for name in hooks if isinstance(hooks, dict) else ():
            place = self.document.place("webhooks", str(name))
            self._note(place, f"webhook {name}", "a service sends events instead")
        unmapped = (*self.unmapped, *found.unmapped, *operations.unmapped)
        return Imported(
            entities=entities,
            routes=routes,
            contracts=security,
            unmapped=unmapped,
            enums=found.enums,
            operations=(
                *((o.method.upper(), o.path) for o in operations.found),
                *operations.others,
            ),
            routed=False,
            others=others,
        )

    def _made_by_service(self, operations: Operations) -> frozenset[str]:
        """Entities that are created by bodies without an `id`, which the service makes up then."""
        found = set()
        for operation in operations.found:
            entity = operations._answered(operation.answer)
            if operation.method == "post" and entity and operation.body is not None:
                properties = self.schemas.merged(operation.body).get("properties")
                if isinstance(properties, dict) and "id" not in properties:
                    found.add(entity)
        return frozenset(found)

    def _security(self) -> tuple[ContractDraft, ...]:
        """Bearer tokens as authentication; everything else is listed."""
        root = self.document.value
        components = (
            root.get("components") if isinstance(root.get("components"), dict) else {}
        )
        schemes = components.get("securitySchemes") or root.get("securityDefinitions")
        found: list[ContractDraft] = []
        for name, written in schemes.items() if isinstance(schemes, dict) else ():
            scheme = self.references.resolve(written)
            parent = (
                ("securityDefinitions",)
                if "swagger" in root
                else ("components", "securitySchemes")
            )
            place = self.document.place(*parent, str(name))
            kind = scheme.get("type") if isinstance(scheme, dict) else ""
            bearer = kind == "http" and str(scheme.get("scheme")).lower() == "bearer"
            if (bearer or kind in ("oauth2", "openIdConnect")) and not found:
                # Nobody could log in without a role, and a document names none.
                config = {"provider": "jwt", "roles": [_ROLE]}
                spec = {"category": "auth", "config": config}
                reason = f"names no roles: whoever logs in has the role `{_ROLE}`"
                self.unmapped.append(Unmapped(place, f"security {name}", reason))
                evidence = Evidence(place, "openapi/security")
                found.append(
                    ContractDraft(
                        kind="Infra", name="auth", spec=spec, evidence=evidence
                    )
                )
            else:
                reason = f"`{kind}`: services here know bearer tokens alone"
                self.unmapped.append(Unmapped(place, f"security {name}", reason))
        return tuple(found)

    def _note(self, place: Any, what: str, reason: str, entity: str = "") -> None:
        self.unmapped.append(Unmapped(place, what, reason, entity))

"""Query strings for random conversations."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.application import Application, Endpoint, Route
from forge.ir.entities import Entity, Field
from forge.ir.types import FieldType
from tests.model.around import DIRECTIONS, edges_of
from tests.model.candidates import legal
from tests.model.expanded import Way, way_of, ways
from tests.model.lists import LEGAL, OPERATORS

NUMBERS = st.integers(0, 9)
RARELY = st.integers(0, 9).map(lambda n: n == 9)
WORDS = ("", "a", "b", "A", "zz", "1", "true", "2024-01-01", "1.5", "a,b", "x", "P1D")
_NO_PATHS = (
    *("", "zzz", "id", "a.b", "parent" + 5 * ".parent", "tasks.tasks.tasks"),
    ",".join(["parent"] * 17),
)
"""What names no relation, or goes too far."""


class Script:
    """What conversations about a service are made of."""

    def __init__(self, ir: Application) -> None:
        self.ir = ir

    def __repr__(self) -> str:
        return f"Script({self.ir.domain!r})"

    def entity(self, route: Route) -> Entity:
        """The entity whose records a route serves."""
        entity = self.ir.entity(route.entity)
        assert entity is not None
        return entity

    def cast(self, wanted: list[Route]) -> list[Route]:
        """Some routes, behind those without whose records they can have none."""
        found: list[Route] = []

        def add(route: Route) -> None:
            if route in found:
                return
            entity = self.entity(route)
            for key in entity.all_foreign_keys():
                must = all(f.required for n in key.fields if (f := entity.field(n)))
                target = self.ir.route_of(key.entity)
                if must and target is not None and key.entity != entity.fqn:
                    add(target)
            found.append(route)

        for route in wanted:
            add(route)
        return found


class Asking:
    """Draws the query string of a request to one endpoint."""

    def __init__(
        self, draw: st.DrawFn, script: Script, route: Route, endpoint: Endpoint
    ) -> None:
        self.draw = draw
        self.script = script
        self.ir = script.ir
        self.route = route
        self.entity = script.entity(route)
        self.endpoint = endpoint
        self.broken = ""

    def query(self) -> list[list[Any]]:
        """The parameters of a list."""
        count = self.draw(st.sampled_from((0, 0, 1, 1, 1, 2, 3)))
        pairs = [self._filter() for _ in range(count)]
        if self.draw(st.booleans()):
            pairs.append(["sort", self._sort()])
        if self.draw(st.booleans()):
            pairs.append(["limit", self.draw(st.sampled_from((1, 1, 2, 2, 3, 1000)))])
        if self.draw(RARELY):
            pairs.append(
                ["count", self.draw(st.sampled_from(("exact", "none", "none", "x")))]
            )
        if self.draw(RARELY):
            pairs.append(["fields", self.fields()])
        if self.draw(RARELY):
            pairs.append(["offset", self.draw(st.sampled_from((0, 1, 2, 50)))])
        if self.draw(RARELY):
            pairs.append(
                ["cursor", {"$": ["cursor", self.route.name, self.draw(NUMBERS)]}]
            )
        pairs += self.deleted() + self.expand()
        if self.entity.search and not self.draw(st.integers(0, 2)):
            # With filters it seldom finds anything.
            pairs = [*pairs, ["q", self._search()]][-self.draw(st.integers(1, 9)) :]
        if self.broken == "value":
            wrong = (
                ["limit", 0],
                ["limit", "x"],
                ["offset", -1],
                ["cursor", "x"],
                ["sort", ""],
                ["sort", "zzz"],
                ["q", " "],
                ["q", " ".join(map(str, range(17)))],
            )
            pairs.append(list(self.draw(st.sampled_from(wrong))))
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names) and self.broken != "extra":
            pairs = [p for n, p in enumerate(pairs) if p[0] not in names[:n]]
        return pairs

    def deleted(self) -> list[list[Any]]:
        """Whether deleted records are wanted, where there may be any."""
        if (
            self.entity.soft_delete is None
            or self.broken
            or self.draw(st.integers(0, 3))
        ):
            return []
        asked = ("only", "include", "include", "exclude", "all")
        return [["deleted", self.draw(st.sampled_from(asked))]]

    def expand(self) -> list[list[Any]]:
        """What is wanted beside a record."""
        if self.draw(st.integers(0, 3)):
            return []
        if self.broken:
            return [["expand", self.draw(st.sampled_from(_NO_PATHS))]]
        if not ways(self.ir, self.entity):
            return []
        count = self.draw(st.sampled_from((1, 1, 2, 3)))
        return [["expand", ",".join(self._path() for _ in range(count))]]

    def around(self) -> list[list[Any]]:
        """How a graph is followed."""
        edges = (*edges_of(self.ir), *(("zzz", "") if self.broken else ()))
        asked: dict[str, Any] = {}
        if edges and self.draw(st.booleans()):
            some = st.lists(st.sampled_from(edges), min_size=1, max_size=2)
            asked["edges"] = ",".join(self.draw(some))
        if self.draw(st.booleans()):
            depths = (
                ("0", "x", "11") if self.broken == "value" else ("1", "2", "3", "10")
            )
            asked["depth"] = self.draw(st.sampled_from(depths))
        if self.draw(st.booleans()):
            ways_ = (*DIRECTIONS, *(("up",) if self.broken else ()))
            asked["direction"] = self.draw(st.sampled_from(ways_))
        return [[name, value] for name, value in asked.items()]

    def _path(self) -> str:
        """The names of relations, one after the other."""
        steps: list[str] = []
        at = self.entity
        for _ in range(self.draw(st.sampled_from((1, 1, 2, 2, 3, 4)))):
            found = ways(self.ir, at)
            if not found:
                break
            way = self.draw(st.sampled_from(found))
            by_edge = way.edge and way_of(self.ir, at, way.edge) == way
            steps.append(way.edge if by_edge and self.draw(RARELY) else way.name)
            back = self._back(way)
            if back and not self.draw(st.integers(0, 2)):
                # All that refer to one record, inside each of them.
                steps += [back, way.name]
            at = way.target
        return ".".join(steps)

    def _back(self, way: Way) -> str:
        """The name of the reference that leads back from many records."""
        pairs = tuple((theirs, mine) for mine, theirs in way.pairs)
        found = (one for one in ways(self.ir, way.target) if one.pairs == pairs)
        return next((one.name for one in found if way.many and not one.many), "")

    def _search(self) -> Any:
        """Words that some record may hold, and such that none holds."""
        texts = (
            "A",
            "a",
            "B",
            "Ä",
            "HI say",
            "b example",
            "none",
            "yet,none",
            "a none",
        )
        held = [
            {"$": ["field", self.route.name, self.draw(NUMBERS), name]}
            for name in self.entity.search
        ]
        pool = (*texts, *held)
        return self.draw(st.sampled_from(pool))

    def fields(self) -> str:
        """Some fields to show."""
        own = [f.name for f in self.entity.fields if not f.sensitive or self.broken]
        names = st.lists(
            st.sampled_from(own), min_size=1, max_size=3, unique=not self.broken
        )
        return ",".join(self.draw(names))

    def _filter(self) -> list[Any]:
        name, word = self._plain_filter()
        if self.draw(st.integers(0, 3)) == 3:
            target, bracket, rest = name.partition("[")
            label = self.draw(st.sampled_from(("a", "a", "b")))
            name = f"or[{label}][{target}]{bracket}{rest}"
        return [name, word]

    def _nested_filter(self, field: Field) -> list[Any]:
        path = self.draw(st.sampled_from(("a", "a", "b", "b.c", "n", "a.b", "zzz")))
        operator = self.draw(st.sampled_from(OPERATORS[FieldType.TEXT]))
        words = ("1", "x", "y", "true", "2.5", "a", "1,x", "x,z", "1.0", "1,2")
        if operator == "null":
            words = ("true", "false")
        if operator == "between":
            words = ("1,2", "a,z", "1,x")
        return [f"{field.name}.{path}[{operator}]", self.draw(st.sampled_from(words))]

    def _plain_filter(self) -> list[Any]:
        if self.broken == "query":
            name = self.draw(
                st.sampled_from(("zzz", "", "a[b", "limit[eq]", "secret", "q[", "[eq]"))
            )
            return [name, "1"]
        field = self.draw(st.sampled_from(self.entity.fields))
        structured = field.type in (FieldType.OBJECT, FieldType.JSON)
        if structured and self.draw(st.integers(0, 2)):
            return self._nested_filter(field)
        operators = OPERATORS[field.type]
        if self.broken == "extra":
            operators = (*sorted(LEGAL), "like", "")
        operator = self.draw(st.sampled_from(operators))
        name = (
            field.name
            if operator == "eq" and self.draw(st.booleans())
            else f"{field.name}[{operator}]"
        )
        return [name, self._word(field, operator)]

    def _word(self, field: Field, operator: str) -> Any:
        if operator == "null":
            return self.draw(
                st.sampled_from(
                    ("true", "false", "false", "1")
                    if self.draw(RARELY)
                    else ("true", "false")
                )
            )
        if operator in ("in", "nin", "between", "contains") and operator != "contains":
            count = 2 if operator == "between" else self.draw(st.integers(1, 3))
            return ",".join(_escaped(self._one(field)) for _ in range(count))
        if field.type is FieldType.ARRAY:
            return self.draw(
                st.sampled_from(("a", "b", "a,b", "1", "1.5", "b,c", "true"))
            )
        own = {
            "$": ["field", self.route.name, self.draw(st.integers(0, 8)), field.name]
        }
        if (
            not field.sensitive
            and self.draw(RARELY)
            and field.type is not FieldType.OBJECT
        ):
            return own
        return self._one(field)

    def _one(self, field: Field) -> str:
        if self.broken == "key":
            return self.draw(st.sampled_from(WORDS))
        pool = [_word_of(value) for value in legal(field)]
        return self.draw(
            st.sampled_from([w for w in pool if w is not None] or list(WORDS))
        )

    def _sort(self) -> str:
        names = [f.name for f in self.entity.fields]
        sortable = [
            f.name
            for f in self.entity.fields
            if "gt" in OPERATORS[f.type] and not f.sensitive
        ]
        pool = names if self.broken == "extra" else sortable
        chosen = self.draw(
            st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True)
        )
        signs = st.sampled_from(("", "-"))
        places = st.sampled_from(("", "", "", ":nullsfirst", ":nullslast"))
        return ",".join(self.draw(signs) + n + self.draw(places) for n in chosen)


def _word_of(value: Any) -> str | None:
    """A value as a query string writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return None
    if isinstance(value, float):
        return f"{value:f}" if abs(value) < 1e15 else repr(value)
    return str(value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,")

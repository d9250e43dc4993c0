"""One conversation, held with a service and with the model, and compared at every turn."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote

from forge.ir.application import Application
from forge.ir.entities import Entity
from forge.ir.types import Operation
from tests.model.answers import Answer, Request, heard, results_heard
from tests.model.apps import Heard, Service
from tests.model.around import in_order
from tests.model.service import Model
from tests.model.store import Event, fingerprint, known
from tests.model.tenants import header_of
from tests.model.unknown import Joined, NotYetKnown, Unknown, differences
from tests.model.values import show
from tests.model.words import key_parts

Step = dict[str, Any]
"""`{"route", "method", "tail", "key", "query", "headers", "body"}`, or `{"both": [step, step]}`.

Everything is JSON, so that a conversation can be kept. What only a run can tell is written
`{"$": [what, route, n]}`: the `key` or `tag` of the n-th record that was made through a
route, or a `field` of it, or the n-th `cursor`.
"""

_LINK = re.compile(r'<([^>]*)>; rel="(\w+)"')


class Divergence(AssertionError):
    """A service does not answer, or does not store, what the model says."""


@dataclass(slots=True)
class Made:
    """A record that an answer has shown."""

    key: str
    tag: str = ""
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What has been played."""

    conversations: int = 0
    requests: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Requests by method, path and status."""


TALLY = Tally()


class Player:
    """Holds one conversation with one service."""

    def __init__(self, ir: Application, service: Service) -> None:
        self.ir = ir
        self.service = service
        self.model = Model(ir)
        self.made: dict[str, list[Made]] = {route.name: [] for route in ir.routes}
        self.cursors: list[str] = []
        self.trail: list[Any] = []
        """What has to be the same on every adapter, though the model leaves it open."""

    async def play(self, steps: Sequence[Step]) -> None:
        """Take every step, and compare what is stored in the end."""
        for number, step in enumerate(steps):
            try:
                await self._step(step)
            except NotYetKnown:
                self.trail.append("skipped")
            except Divergence as fault:
                fault.add_note(f"step {number} on {self.service.adapter}: {step}")
                raise
        await self._compare_stored()

    async def _step(self, step: Step) -> None:
        if "both" in step:
            await self._both(*(self.resolved(one) for one in step["both"]))
            return
        request = self.resolved(step)
        wanted = self.model.answer(request)
        answer = await self.service.request(request)
        self._count(step, answer)
        faults = self._differences(self.model, wanted, answer)
        if faults or (faults := self._tag(self.model, wanted, answer)):
            raise Divergence(_story(request, wanted, answer, faults))
        self._learn(self.model, step, wanted, answer)
        if wanted.applied == "return=minimal" and wanted.entity is not None:
            await self._look(step, wanted)

    async def _look(self, step: Step, wanted: Answer) -> None:
        """Read a record of which a write showed nothing."""
        assert wanted.entity is not None
        assert wanted.row is not None
        key = str(Joined(tuple(key_parts(wanted.entity, known(wanted.row)))))
        found = next(r for r in self.ir.routes if r.name == step["route"])
        if found.endpoint(Operation.READ) is not None:
            kept = {header_of(self.ir)}
            headers = {n: v for n, v in step.get("headers", {}).items() if n in kept}
            asked = {"route": found.name, "method": "GET", "key": key}
            await self._step({**asked, "headers": headers})

    async def _both(self, one: Request, other: Request) -> None:
        """Two requests at once: the service may take them in either order."""
        before = self.model.store
        sent = (one, other)
        at = datetime.now(UTC)
        answers = await asyncio.gather(*map(self.service.request, sent))
        story: list[str] = []
        for order in ((0, 1), (1, 0)):
            self.model.store = before.copy()
            faults = self._in_order([(sent[turn], answers[turn]) for turn in order], at)
            # Answers that fit both orders leave it to what is stored.
            if not faults and not (faults := await self._stored()):
                TALLY.requests += 2
                self.trail.append("both")
                return
            story += faults
        raise Divergence("in neither order:\n" + "\n".join(story))

    def _in_order(
        self, turns: Sequence[tuple[Request, Heard]], at: datetime
    ) -> list[str]:
        """Where the answers are not those to the requests in this order."""
        for request, answer in turns:
            wanted = self.model.answer(request, at)
            faults = self._differences(self.model, wanted, answer)
            if faults or (faults := self._tag(self.model, wanted, answer)):
                return [_story(request, wanted, answer, faults)]
            # What one answer shows, the next request may ask for.
            self.model.store.settle()
        self.model.same_turn()
        return []

    # ---- From steps to requests

    def resolved(self, step: Step) -> Request:
        """The request that a step stands for."""
        route = next(r for r in self.ir.routes if r.name == step["route"])
        path = route.base_path
        if "key" in step:
            path += "/" + quote(str(self._value(step["key"])), safe=",")
        if step.get("tail"):
            path += f"/{step['tail']}"
        query = tuple((n, str(self._value(v))) for n, v in step.get("query", ()))
        headers = {n: str(self._value(v)) for n, v in step.get("headers", {}).items()}
        body = step.get("body")
        if isinstance(body, dict) and "$bytes" in body:
            body = body["$bytes"].encode("latin-1")
        return Request(step["method"], path, query, headers, self._value(body))

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            if "$" in value:
                return self._reference(*value["$"])
            return {name: self._value(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return value

    def _reference(self, what: str, name: str, n: int, *rest: str) -> Any:
        if what == "cursor":
            return self.cursors[n % len(self.cursors)] if self.cursors else "none"
        made = self.made[name]
        if not made:
            return "00000000-0000-7000-8000-000000000000"
        one = made[n % len(made)]
        if what == "key":
            return one.key
        if what == "tag":
            return one.tag or '"none"'
        return one.shown.get(rest[0])

    # ---- From answers to knowledge

    def _differences(self, model: Model, wanted: Answer, answer: Heard) -> list[str]:
        if answer.status >= 500 or (
            answer.status != wanted.status and wanted.status < 300
        ):
            return [f"status {answer.status} instead of {wanted.status}"]
        if wanted.status >= 400:
            if "problem+json" not in answer.headers.get("content-type", ""):
                return [f"status {answer.status} instead of a problem"]
            return differences(wanted.body, heard(answer.body))
        found = [] if answer.status == wanted.status else [f"status {answer.status}"]
        found += self._location(wanted, answer)
        found += differences(wanted.body, _heard(answer.body))
        found += _pages(wanted, answer)
        if wanted.replayed != ("idempotent-replayed" in answer.headers):
            found.append(f"replayed: {wanted.replayed}")
        if wanted.applied != answer.headers.get("preference-applied", ""):
            found.append(f"no Preference-Applied: {wanted.applied}")
        return found

    def _location(self, wanted: Answer, answer: Heard) -> list[str]:
        if wanted.location is None:
            return []
        shown = answer.headers.get("location", "")
        for part in wanted.location.parts:
            if isinstance(part, Unknown) and part.value is None:
                text = shown.removeprefix(str(wanted.location.parts[0]))
                part.bind(
                    int(text) if part.kind == "identity" and text.isdigit() else text
                )
        same = str(wanted.location) == shown
        return [] if same else [f"Location {shown} instead of {wanted.location}"]

    def _learn(self, model: Model, step: Step, wanted: Answer, answer: Heard) -> None:
        model.store.settle()
        if wanted.status >= 400:
            self.trail.append(heard(answer.body))
            return
        self.trail.append(answer.status)
        if wanted.entity is not None and wanted.row is not None:
            key = str(Joined(tuple(key_parts(wanted.entity, known(wanted.row)))))
            self._remember(step["route"], key, answer)
        if isinstance(wanted.body, dict) and "next_cursor" in wanted.body:
            cursor = wanted.body["next_cursor"]
            if cursor is not None:
                model.cursors[cursor.value] = cursor.meaning
                self.cursors.append(cursor.value)

    def _tag(self, model: Model, wanted: Answer, answer: Heard) -> list[str]:
        """What is wrong with the version that an answer names; learns it where nothing is."""
        if wanted.entity is None or wanted.row is None:
            return []
        tag = answer.headers.get("etag", "")
        if not (tag.startswith('"') and tag.endswith('"') and len(tag) > 10):
            return [f"{tag!r} is no strong ETag"]
        try:
            content = fingerprint(wanted.entity, wanted.row)
        except NotYetKnown:
            # A short answer: a read shows the rest.
            return []
        if model.tags.setdefault(tag, content) != content:
            return [
                f"{tag} is the version of two contents: {content}, {model.tags[tag]}"
            ]
        others = [t for t, c in model.tags.items() if c == content and t != tag]
        if others:
            del model.tags[tag]
            return [f"{tag} and {others} are versions of one content: {content}"]
        return []

    def _remember(self, route: str, key: str, answer: Heard) -> None:
        made = self.made[route]
        one = next((m for m in made if m.key == key), None)
        if one is None:
            one = Made(key)
            made.append(one)
        one.tag = answer.headers.get("etag", one.tag)
        if isinstance(answer.body, dict):
            one.shown = answer.body

    def _count(self, step: Step, answer: Heard) -> None:
        TALLY.requests += 1
        place = f"{step['method']} /{'{key}' if 'key' in step else ''}/{step.get('tail', '')}"
        again = " again" if "idempotent-replayed" in answer.headers else ""
        TALLY.kinds[f"{place} {answer.status}{again}"] += 1

    # ---- What is stored

    async def _compare_stored(self) -> None:
        faults = await self._stored()
        if faults:
            raise Divergence(f"stored on {self.service.adapter}: {faults}")
        await self._compare_events()

    async def _stored(self) -> list[str]:
        """Where the records of the service are not those of the model."""
        faults: list[str] = []
        for entity in self.ir.entities:
            wanted = [_native(entity, row) for row in self.model.store.rows[entity.fqn]]
            shown = [
                _native(entity, row) for row in await self.service.rows(entity.name)
            ]
            names = entity.primary_key
            for rows in (wanted, shown):
                rows.sort(key=lambda row: repr([row[name] for name in names]))
            faults += differences(wanted, shown, entity.name)
        return faults

    async def _compare_events(self) -> None:
        wanted = [_line(event) for event in self.model.store.events]
        turns = [event.turn for event in self.model.store.events]
        shown = await self.service.outbox()
        # Events of two requests at once may be written in either order.
        if len(shown) == len(wanted):
            wanted = _by_turn(turns, wanted)
            shown = _by_turn(turns, shown)
        faults = differences(wanted, shown, "outbox")
        if faults:
            raise Divergence(f"events on {self.service.adapter}: {faults}")


def _heard(body: Any) -> Any:
    """What an answer says, as far as documents do."""
    if isinstance(body, dict) and body.keys() == {"nodes", "edges", "truncated"}:
        return in_order(body)
    return results_heard(body)


def _pages(wanted: Answer, answer: Heard) -> list[str]:
    """Where `Link` does not lead to the other pages of a list."""
    if wanted.pages is None:
        return []
    shown = {
        relation: parse_qsl(place.partition("?")[2], keep_blank_values=True)
        for place, relation in _LINK.findall(answer.headers.get("link", ""))
    }
    expected = {
        relation: [(n, str(v.value) if isinstance(v, Unknown) else v) for n, v in pairs]
        for relation, pairs in wanted.pages.items()
    }
    return [] if shown == expected else [f"Link {shown} instead of {expected}"]


def _line(event: Event) -> dict[str, Any]:
    row = known(event.row)
    visible = [f for f in event.entity.fields if not f.sensitive]
    return {
        "entity": event.entity.name,
        "record": str(Joined(tuple(key_parts(event.entity, row)))),
        "name": event.name,
        "payload": {f.name: show(f.type, row[f.name]) for f in visible},
    }


def _by_turn(turns: list[int], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbered = sorted(
        zip(turns, lines, strict=True),
        key=lambda one: (one[0], one[1]["record"], one[1]["name"]),
    )
    return [line for _, line in numbered]


def _native(entity: Entity, row: dict[str, Any]) -> dict[str, Any]:
    """What is stored, as JSON."""
    return {f.name: show(f.type, row[f.name]) for f in entity.fields}


def _story(request: Request, wanted: Answer, answer: Heard, faults: list[str]) -> str:
    return (
        f"{request.method} {request.path} {request.query} {dict(request.headers)}"
        f" {request.body!r}\n"
        f"  wanted {wanted.status} {wanted.body!r}\n  heard  {answer.status} {answer.body!r}\n"
        f"  faults {faults}"
    )


async def hold(
    ir: Application, services: Sequence[Service], steps: Sequence[Step]
) -> None:
    """Hold a conversation with every service. Raises `Divergence`."""
    trails = []
    for service in services:
        player = Player(ir, service)
        try:
            await player.play(steps)
        except BaseException:
            await service.empty([e.name for e in ir.entities])
            raise
        filled = [e.name for e in ir.entities if player.model.store.rows[e.fqn]]
        await service.empty(filled)
        trails.append(player.trail)
    TALLY.conversations += 1
    for service, trail in zip(services, trails, strict=True):
        for number, (mine, first) in enumerate(zip(trail, trails[0], strict=True)):
            if "both" in (mine, first):
                # Each may have taken them in another order, and goes on from there.
                break
            if mine != first:
                other = services[0].adapter
                what = f"{service.adapter} says {mine}, {other} {first}"
                raise Divergence(f"step {number}: {what}")

"""What a page tells besides its records: links to other pages, and a choice of fields."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from starlette.types import Scope

from .entity import Entity
from .links import Renderer, encode
from .page_text import TextPage
from .problems import instance
from .query import Page, Query

_PLAIN: Final = re.compile(rb"[A-Za-z0-9_.~%=:,+*!$()@/?;&-]*")
_PLACES: Final = (b"cursor", b"offset")


def content_of(page: Page, items: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of a page; without `total` where nobody counted."""
    content: dict[str, Any] = {"items": items}
    if page.total is not None:
        content["total"] = page.total
    content["next_cursor"] = page.next_cursor
    return content


def body_of(written: TextPage) -> bytes:
    """The body of a page whose records are JSON already."""
    head, rest = encode(content_of(written.page, [])).split(b"[]", 1)
    return b"%b[%b]%b" % (head, written.items, rest)


def chosen(render: Renderer, entity: Entity, query: Query) -> Renderer:
    """The renderer that shows only the fields that a query names, the key and `_links`."""
    if query.fields is None:
        return render
    wanted = {*query.fields, *entity.key}
    shown = [field.name for field in entity.visible if field.name in wanted]
    shown.append("_links")

    def project(record: dict[str, Any]) -> dict[str, Any]:
        whole = render(record)
        return {name: whole[name] for name in shown}

    return project


def link_header(scope: Scope, query: Query, page: Page) -> bytes:
    """The value of `Link` (RFC 8288): other pages of the same list, all else kept.

    A list that was asked for by `offset` goes on by offsets, and knows the page before
    and, where the records were counted, the last one; any other goes on by its cursor.
    """
    raw = scope.get("query_string", b"")
    parts = [part for part in raw.split(b"&") if part]
    named = [(_name(part), part) for part in parts]
    kept = [part for name, part in named if name not in _PLACES]
    if not _PLAIN.fullmatch(raw):
        kept = [_encoded(part) for part in kept]
    path = instance(scope).encode()

    def link(relation: str, place: str = "") -> bytes:
        asked = b"&".join([*kept, place.encode()] if place else kept)
        target = path + b"?" + asked if asked else path
        return b'<%b>; rel="%b"' % (target, relation.encode())

    links = [link("first")]
    by_offset = any(name == b"offset" for name, _ in named)
    if page.next_cursor is not None:
        after = f"offset={query.offset + query.limit}"
        links.append(link("next", after if by_offset else f"cursor={page.next_cursor}"))
    if by_offset and query.offset:
        links.append(link("prev", f"offset={max(query.offset - query.limit, 0)}"))
    if by_offset and page.total:
        shift = query.offset % query.limit
        last = shift + (page.total - 1 - shift) // query.limit * query.limit
        links.append(link("last", f"offset={max(last, 0)}"))
    return b", ".join(links)


def _name(part: bytes) -> bytes:
    name = part.partition(b"=")[0]
    return unquote_to_bytes(name) if b"%" in name else name


def _encoded(part: bytes) -> bytes:
    if _PLAIN.fullmatch(part):
        return part
    return quote_from_bytes(part, safe="%=:,+*!$()@/?;").encode()

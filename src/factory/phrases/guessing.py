"""Types from names: a table that is read from the top, and that the documentation prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from factory.importers.naming import singular


@dataclass(frozen=True, slots=True)
class Guess:
    """Names that tell what a field holds: whole or as their last word, as their first, or whole."""

    keys: Mapping[str, Any]
    names: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def fits(self, name: str) -> bool:
        """Whether a name is one of these."""
        return name in (*self.names, *self.whole) or any(
            [name.endswith(f"_{word}") for word in self.names]
            + [name.startswith(f"{word}_") for word in self.first]
        )


GUESSES: Final = (
    Guess({"type": "email"}, ("email", "mail", "e_mail", "email_address")),
    Guess({"type": "datetime"}, ("at", "timestamp", "datetime", "date_time", "date_and_time")),
    Guess({"type": "integer"}, first=(
        "number_of", "maximum_number_of", "minimum_number_of", "max_number_of", "min_number_of",
    )),
    Guess({"type": "date"}, first=("date_of", "day_of")),
    Guess({"type": "boolean"}, first=("is", "has", "can", "should", "allow", "allows", "needs")),
    Guess({"type": "date"}, ("date", "day", "birthday", "deadline", "on", "dob", "due")),
    Guess({"type": "time"}, ("time",)),
    Guess({"type": "duration"}, ("duration",)),
    Guess(
        {"type": "decimal"},
        ("price", "cost", "total", "subtotal", "amount", "fee", "salary", "balance", "budget",
         "revenue", "wage", "discount", "tax", "payment", "deposit", "rent", "income", "fare"),
    ),
    Guess({"type": "integer", "constraints": {"min": 1, "max": 5}}, ("rating", "stars")),
    Guess(
        {"type": "integer"},
        ("count", "quantity", "qty", "stock", "age", "year", "rank", "position", "capacity",
         "size", "floor", "seats", "pages", "points", "score", "stock_level", "copies",
         "credits", "floors", "attempts", "level"),
    ),
    Guess(
        {"type": "number"},
        ("weight", "height", "width", "length", "distance", "latitude", "longitude",
         "temperature", "percentage", "percent", "rate", "ratio", "speed", "volume", "area",
         "depth", "hours", "minutes"),
    ),
    Guess(
        {"type": "boolean"},
        ("flag", "active", "enabled", "disabled", "visible", "archived", "verified", "available",
         "paid", "featured", "confirmed", "billable", "public", "private", "urgent"),
    ),
    Guess(
        {"type": "string", "format": "uri"},
        ("url", "uri", "link", "website", "homepage", "web_site"),
    ),
    Guess(
        {"type": "text"},
        ("description", "note", "notes", "body", "content", "comment", "comments", "text",
         "summary", "bio", "biography", "detail", "details", "message", "instructions", "reason",
         "resolution", "abstract", "remark", "remarks", "terms", "ingredients", "feedback",
         "explanation", "transcript"),
    ),
    Guess(
        {"type": "json"},
        ("metadata", "settings", "preferences", "options", "attributes", "configuration"),
    ),
    Guess({"type": "array", "items_type": "string"}, ("tags", "keywords", "labels")),
    Guess({"type": "string", "sensitive": True}, ("password", "secret", "api_key", "token", "pin")),
    Guess({"type": "uuid"}, ("uuid",)),
    Guess(
        {"type": "string", "required": True, "constraints": {"maxLength": 200}},
        whole=("name", "title", "subject"),
    ),
    Guess({"type": "string", "constraints": {"maxLength": 200}}, ("name", "title", "label")),
)  # fmt: skip


def guessed(name: str) -> dict[str, Any]:
    """The keys of a field of which nothing but the name is said: a text where no name is known.

    A plural that tells nothing else is a list.

    >>> guessed("due_date"), guessed("colour"), guessed("nicknames")["items_type"]
    ({'type': 'date'}, {'type': 'string'}, 'string')
    """
    for guess in GUESSES:
        if guess.fits(name):
            return dict(guess.keys)
    one = singular(name)
    if one != name:
        inner = guessed(one)
        if inner["type"] not in ("array", "json"):
            return {"type": "array", "items_type": inner["type"]}
    return {"type": "string"}

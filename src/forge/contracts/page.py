"""Page: a view of an entity for people."""

from __future__ import annotations

from forge.contracts.fields import NAME, NAMES, fqn
from forge.contracts.route import PATH
from forge.contracts.shapes import (
    Anything,
    Boolean,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Text,
    Word,
)
from forge.contracts.vocabulary import ViewType

FIELD_LIST = ListOf(NAME, 0, True)

VIEW = Record(
    "a view",
    (
        Key(
            "type", Word("a view type", tuple(ViewType)), "How records are shown.", True
        ),
        Key("default", Boolean(), "Whether this view comes first."),
        Key("title", Text(), "What people read."),
        Key("columns", FIELD_LIST, "Fields of a table."),
        Key("fields", FIELD_LIST, "Fields of a list."),
        Key("card_fields", FIELD_LIST, "Fields of a card."),
        Key("group_by", NAME, "Field of a kanban's columns; the state where left out."),
        Key(
            "sort_by",
            Text("a field, `-` for descending", r"-?[a-z][a-z0-9_]*"),
            "Order.",
        ),
        Key(
            "sortable",
            OneOf((Boolean(), FIELD_LIST)),
            "Fields that people may sort by.",
        ),
        Key("filterable", OneOf((Boolean(), FIELD_LIST)), "Fields to filter by."),
        Key("date_field", NAME, "Field of a calendar or timeline."),
        Key("end_field", NAME, "Field that ends an entry of a calendar or timeline."),
        Key("x", NAME, "Field of a chart's horizontal axis."),
        Key("y", NAME, "Field of a chart's vertical axis."),
        Key("chart", Text(), "Kind of chart."),
        Key("component", Text(), "Name of a custom component."),
        Key("options", MapOf(Anything()), "Anything a custom view needs."),
    ),
)

DATA_SOURCE = Record(
    "a data source",
    (
        Key("endpoint", PATH, "Path to fetch.", True),
        Key("alias", Text(), "Name on the page."),
    ),
)

DISPLAY_RULES = Record(
    "display_rules",
    (
        Key("identifier_field", NAME, "Field that stands for the record."),
        Key("internal_id_field", NAME, "Field used in paths."),
        Key("title_field", NAME, "Field of the heading."),
    ),
)

SECTION = Record(
    "a section",
    (
        Key("name", Text(), "Name of the section.", True),
        Key("type", Text(), "Kind of section."),
        Key("title", Text(), "What people read."),
        Key("fields", NAMES, "Fields shown."),
    ),
    open=True,
)

SPEC = Record(
    "a page",
    (
        Key("route", PATH, "Path of the page.", True),
        Key("title", Text(), "Title of the page."),
        Key("entity", fqn("entity"), "The entity shown.", True),
        Key(
            "generation_tier",
            Word("a tier", ("mechanical", "creative")),
            "How it is made.",
        ),
        Key(
            "data_sources",
            ListOf(DATA_SOURCE),
            "What the page fetches.",
        ),
        Key(
            "display_rules",
            DISPLAY_RULES,
            "How a record is named.",
        ),
        Key("views", ListOf(VIEW), "Ways to look at the records."),
        Key(
            "sections",
            ListOf(SECTION),
            "Parts of the page of one record.",
        ),
        Key(
            "actions",
            OneOf((MapOf(Anything()), ListOf(Anything()))),
            "What people may do.",
        ),
        Key("filters", OneOf((MapOf(Anything()), FIELD_LIST)), "What to filter by."),
    ),
)

"""The phrase grammar as a table: what may be written, with examples that are read and shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from factory.phrases.composing import NAME, compose_facts
from factory.phrases.guessing import GUESSES
from factory.phrases.reading import read_phrases
from factory.phrases.vocabulary import CREATING, HANDLING, JOINING, PERSONS, TYPES
from forge.ir.application import Application
from forge.ir.compiler import analyze
from forge.parser.loader import load_texts
from forge.source.yaml_writer import flow


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of phrase."""

    about: str
    rule: str
    examples: tuple[str, ...]
    context: str = ""
    """What is said before, where an example needs it."""


FORMS = (
    Form("The domain", "A wish, a name, `with` or `for` and a list. `-d` wins over it.", (
        "I want a helpdesk with agents, customers, and tickets.",
        "Build an online book shop that manages books and orders",
        "library: books, members and loans",
        "Picture a library that needs to manage books, members, and loans.",
        "A library lends books to members.",
    )),
    Form("Things", "A list of plurals, `there are`, `entities:`; brackets hold what they have. A "
         "thing of which no value is told gets a required `name`.", (
        "agents, customers and tickets",
        "There are agents, customers and tickets.",
        "There is a customer entity with name and email and an order entity with total",
        "Entities: customers (name, email), orders (total, due date)",
    )),
    Form("Values", "`has`, `have`, `consists of`, `includes`, or a colon. Without a type the name "
         "tells it. A value may be left empty, unless it is `required` or called `name`, `title` "
         "or `subject`, its thing `needs` it, or another value of its list is called `optional`.", (
        "a product has a name, a price and a stock count",
        "each order has a total (decimal), a due date and an optional note",
        "customer: name, email required, unique sku, status one of draft, published",
        "Products consist of a title, a list of colours and a weight between 1 and 30",
        "A review needs a rating from 1 to 5 and a comment (up to 500 characters)",
        "Accounts have a balance (number, default 0) and a plan: free or paid",
        "Payments have an amount and a method of card, cash or transfer",
        "A loan records when it is due, when it was returned and whether it was lost",
        "A book has a book ID, one or more authors and a number of copies",
        "Products:\n- name (required)\n- sku, unique\n- list price: decimal",
    )),
    Form("More about a value", "What it `is` or `must be`.", (
        "The email is unique.",
        "The price of a product is a decimal between 1 and 500.",
        "A product's name must be at most 80 characters.",
    ), context="A product has a name, a price and an email."),
    Form("One refers to one", "A verb with a preposition, `a` or `one` thing of another, the "
         "passive. The subject holds the reference.", (
        "orders belong to customers",
        "each invoice concerns an order; invoices are paid by customers",
        "reviews are written by customers about products",
        "an article has an author; authors have a name",
        "a category has a parent category; categories have a title",
        "each employee reports to a manager",
        "comments may be replies to other comments",
        "there are users; a post has a title and an author, who is a user",
        "there are books and members; a loan records which member borrowed which book",
        "employees work in departments and departments have a name",
    )),
    Form("What somebody makes", "A verb of making or of taking care. What is made holds the "
         "reference; it is required with verbs of making.", (
        "customers submit tickets",
        "customers write reviews about products",
        "doctors treat patients",
        "Customers place orders, and agents handle them.",
    )),
    Form("Assignment", "Work is assigned to people, whichever side says so.", (
        "agents are assigned to tickets",
        "tickets are assigned to agents",
    )),
    Form("Many", "`has many` gives the other thing a reference. `contains many`, verbs of taking "
         "part, and `many` from both sides get an entity that joins the two.", (
        "a customer has many orders",
        "an order contains many products",
        "students attend courses",
        "posts have many tags; tags have many posts",
        "products and categories are many-to-many",
    )),
    Form("Lives", "`go`, `go through`, `have a lifecycle`, `lifecycle of`, a colon; arrows, "
         "`then`, `from … to`, commas; `or`, `/`, `|` and brackets are "
         "branches; `any` is every state.", (
        "tickets go new -> assigned -> resolved",
        "Tickets have a lifecycle: new → assigned → in_progress → closed.",
        "orders go through pending, paid and shipped",
        "an invoice goes from draft to sent to paid",
        "orders start as new, then become paid, and finally shipped",
        "tasks: open -> closed; open -> cancelled",
        "bugs go open -> fixed or rejected, fixed -> open; any -> deleted",
        "posts have a workflow (draft -> (published | rejected))",
        "the lifecycle of a loan is requested, then active, then returned",
        "parcels have the states packed, sent and lost",
    )),
    Form("Steps from everywhere", "`at any time`.", (
        "tickets can be cancelled at any time",
        "open tickets can be merged",
    ), context="Tickets go open -> closed."),
    Form("Numbers", "`numbered`, or a number with a prefix: 2 to 6 capitals; six digits follow.", (
        "tickets are numbered TKT-0001",
        "orders have a number with the prefix ORD",
    )),
)  # fmt: skip
"""What the grammar reads. Each example is read by a test, and nothing of it is left over."""


def shown(text: str, context: str = "") -> tuple[str, ...]:
    """What a text comes to, in lines: fields of entities, steps of workflows."""
    before = _lines(context) if context else []
    return tuple(line for line in _lines(f"{context}\n{text}") if line not in before)


def _lines(text: str) -> list[str]:
    reading = read_phrases(text)
    domain = reading.domain or "example"
    composed = compose_facts(reading.facts, domain, _empty())
    told = " ".join(composed.notes)
    lines = [f"domain `{domain}`"] if reading.domain else []
    for one in composed.contracts:
        spec = one.contract["spec"]
        if "fields" in spec:
            lines += [
                f"`{one.name}.{_field(n, k)}`"
                for n, k in spec["fields"].items()
                if f"`{one.name}` has:" not in told or k != NAME
            ]
            if not any(line.startswith(f"`{one.name}.") for line in lines):
                lines.append(f"`{one.name}`")
            if "number_prefix" in spec:
                lines.append(f"`{one.name}`: `number_prefix: {spec['number_prefix']}`")
            if "unique" in spec:
                lines.append(f"`{one.name}`: `unique: {flow(spec['unique'])}`")
        elif "states" in spec:
            steps = "; ".join(
                f"{source} -> {', '.join(targets)}"
                for source, targets in spec["transitions"].items()
            )
            lines.append(f"`{one.name}`: `{steps}`")
    return lines


def _empty() -> Application:
    return analyze(load_texts(())).application


def _field(name: str, keys: dict[str, object]) -> str:
    rest = {
        k: v for k, v in keys.items() if k not in ("type", "required", "references")
    }
    mark = "!" if keys.get("required") else ""
    reference = keys.get("references")
    if isinstance(reference, dict):
        return f"{name}{mark} -> {str(reference['entity']).rpartition('/')[2]}"
    tail = f" {flow(rest)}" if rest else ""  # type: ignore[arg-type]
    return f"{name}{mark}: {keys['type']}{tail}"


def tables() -> str:
    """The grammar for people, in Markdown."""
    return "\n\n".join((*_forms(), _types(), _guesses(), _verbs())) + "\n"


def _forms() -> Iterator[str]:
    for form in FORMS:
        rows = [f"## {form.about}", "", form.rule, ""]
        if form.context:
            rows += [f"After “{form.context}”:", ""]
        rows += ["| phrase | comes to |", "|---|---|"]
        for example in form.examples:
            phrase = example.replace("\n", "<br>").replace("|", "\\|")
            comes = "<br>".join(shown(example, form.context)).replace("|", "\\|")
            rows.append(f"| {phrase} | {comes} |")
        yield "\n".join(rows)


def _types() -> str:
    rows = ["## Types", "", "In brackets, behind a colon, or as `is a …`.", ""]
    rows += ["| word | keys |", "|---|---|"]
    rows += [f"| {name} | `{flow(dict(keys))[1:-1]}` |" for name, keys in TYPES.items()]
    return "\n".join(rows)


def _guesses() -> str:
    rows = ["## Types from names", "", "Where no type is said, the first row that has the name, or "
            "its last word, tells it. A plural that stands nowhere is a list, any other name a "
            "`string`.", "", "| name | keys |", "|---|---|"]  # fmt: skip
    for guess in GUESSES:
        names = [f"`{n}`" for n in (*guess.names, *guess.whole)]
        names += [f"`{n}_…`" for n in guess.first]
        keys = flow(dict(guess.keys))[1:-1]
        rows.append(f"| {', '.join(names)} | `{keys}` |")
    return "\n".join(rows)


def _verbs() -> str:
    rows = ["## Verbs", "", "A verb that stands nowhere is one of taking care, where both things "
            "are known.", "", "| kind | verbs |", "|---|---|"]  # fmt: skip
    for kind, verbs in (
        ("making: the reference is required", CREATING),
        ("taking care: it is optional", HANDLING),
        ("taking part: an entity joins the two", JOINING),
        ("people, to whom work is assigned", PERSONS),
    ):
        rows.append(f"| {kind} | {', '.join(sorted(verbs))} |")
    return "\n".join(rows)

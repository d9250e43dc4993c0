"""The words that the phrase grammar knows. The documentation prints what matters to people."""

from __future__ import annotations

from typing import Any, Final

ARTICLES: Final = frozenset(
    {"a", "an", "the", "its", "their", "our", "one", "this", "his", "her"}
)
EVERY: Final = frozenset(
    {"each", "every", "all", "any", "some", "these", "those", "only"}
)
VAGUE: Final = frozenset({"specific", "particular", "certain", "given"})
"""What stands before a name and is no part of it."""
LISTS: Final = (
    ("a", "list", "of"), ("lists", "of"), ("a", "set", "of"), ("list", "of"), ("an", "array", "of"),
)  # fmt: skip
"""A value that is a list, where what it holds is no thing."""
SOME: Final = (
    ("one", "or", "more"), ("one", "or", "many"), ("zero", "or", "more"), ("at", "least", "one"),
)  # fmt: skip
"""How many values one record has: a list, where what it holds is spoken of nowhere else."""
MANY: Final = (
    *SOME, ("any", "number", "of"), ("a", "collection", "of"), ("lots", "of"),
    ("a", "lot", "of"), ("many",), ("several",), ("multiple",), ("various",), ("numerous",),
    ("other",), *LISTS,
)  # fmt: skip
ONE: Final = (
    ("exactly", "one"),
    ("at", "most", "one"),
    ("zero", "or", "one"),
    ("a", "single"),
)
ANOTHER: Final = frozenset({"another", "other"})
MODALS: Final = frozenset(
    {"can", "may", "must", "should", "will", "could", "might", "shall", "would", "do", "does",
     "always", "also", "only", "usually", "optionally", "sometimes", "never", "often", "each",
     "all", "then", "typically", "either", "both", "automatically"}
)  # fmt: skip
OPTIONAL: Final = frozenset({"may", "might", "can", "could", "optionally", "sometimes"})
NEGATIONS: Final = frozenset(
    {"not", "no", "never", "cannot", "can't", "don't", "doesn't", "without"}
)
PREPOSITIONS: Final = frozenset(
    {"to", "in", "at", "on", "for", "with", "from", "about", "of", "by", "into", "under", "within",
     "inside", "through", "via", "per", "against", "between", "towards", "onto", "as", "over"}
)  # fmt: skip
BE: Final = frozenset(
    {
        "is",
        "are",
        "be",
        "was",
        "were",
        "gets",
        "get",
        "being",
        "been",
        "become",
        "becomes",
    }
)
PRONOUNS: Final = frozenset({"it", "they", "them", "these", "those", "he", "she"})
STOP: Final = (
    PREPOSITIONS | BE | MODALS | PRONOUNS
    | {"and", "or", "but", "that", "which", "who", "where", "when", "if", "while", "because", "so",
       "has", "have", "than", "then", "not", "no", "until", "after", "before", "whose", "plus",
       "we", "i", "you", "us", "whether", "how", "what", "why", "once", "out", "up", "off", "had",
       "was", "were", "during", "unless", "upon"}
)  # fmt: skip

HAVING: Final = frozenset(
    {"has", "have", "contain", "include", "store", "record", "carry", "hold", "keep", "need",
     "require", "comprise", "feature", "list", "with", "having", "including", "containing"}
)  # fmt: skip
CONTAINING: Final = frozenset(
    {"contain", "include", "comprise", "list", "including", "containing", "feature"}
)
CREATING: Final = frozenset(
    {"submit", "create", "write", "place", "open", "file", "own", "post", "send", "make", "raise",
     "buy", "purchase", "book", "upload", "author", "publish", "request", "report", "issue", "sell",
     "organize", "organise", "host", "register", "add", "draft", "log", "enter", "start", "offer",
     "leave", "schedule", "produce", "compose", "propose", "share", "pay", "give", "record"}
)  # fmt: skip
HANDLING: Final = frozenset(
    {"handle", "manage", "resolve", "approve", "review", "process", "answer", "supervise", "lead",
     "run", "teach", "moderate", "maintain", "drive", "serve", "treat", "support", "verify",
     "check", "close", "work on", "look after", "sign", "inspect", "repair", "coordinate", "edit",
     "fulfil", "fulfill", "pack", "deliver", "ship", "perform", "prepare", "reject",
     "respond to", "care for",
     "receive", "audit", "cook", "clean", "grade", "mark", "oversee", "plan"}
)  # fmt: skip
JOINING: Final = frozenset(
    {"attend", "join", "enroll in", "enrol in", "subscribe to", "participate in", "follow", "like",
     "borrow", "rent", "visit", "use", "watch", "favourite", "favorite", "bookmark", "know",
     "speak", "study", "sign up for", "register for", "play", "take part in", "take", "learn",
     "apply to", "apply for", "vote for", "enroll", "rate"}
)  # fmt: skip
BEARING: Final = frozenset(
    {"concern", "reference", "describe", "cover", "involve", "mention", "target", "affect",
     "represent"}
)  # fmt: skip
VERBS: Final = (
    CREATING | HANDLING | BEARING | (HAVING - {"with", "having", "including", "containing"})
    | {verb.partition(" ")[0] for verb in JOINING | HANDLING}
    | {"belong", "refer", "relate", "link", "point", "depend", "live", "happen", "occur", "come",
       "apply", "work", "report", "go", "move", "pass", "progress", "flow", "proceed", "advance",
       "transition", "consist", "start", "begin", "end", "sit", "stand"}
)  # fmt: skip
FLOWING: Final = frozenset(
    {"go", "move", "pass", "progress", "flow", "proceed", "advance", "transition", "run", "start",
     "begin", "change", "cycle", "travel", "evolve", "step", "follow"}
)  # fmt: skip
LIFE: Final = frozenset(
    {"lifecycle", "life-cycle", "workflow", "lifecycles", "workflows", "states", "stages",
     "statuses", "steps", "flow", "process", "pipeline", "phases", "status", "state"}
)  # fmt: skip
PARTICIPLES: Final = {
    "write": "written", "buy": "bought", "send": "sent", "make": "made", "sell": "sold",
    "take": "taken", "give": "given", "hold": "held", "keep": "kept", "lead": "led",
    "teach": "taught", "pay": "paid", "build": "built", "run": "run", "draw": "drawn",
    "choose": "chosen", "know": "known", "put": "put", "see": "seen", "drive": "driven",
    "submit": "submitted", "ship": "shipped", "plan": "planned", "tag": "tagged", "leave": "left",
    "oversee": "overseen", "find": "found", "bring": "brought", "win": "won", "meet": "met",
    "grow": "grown", "set": "set", "bind": "bound", "do": "done", "show": "shown", "log": "logged",
    "refer": "referred", "control": "controlled", "enrol": "enrolled", "begin": "begun",
    "eat": "eaten", "speak": "spoken", "lend": "lent", "cut": "cut", "feed": "fed",
    "tell": "told", "say": "said", "read": "read", "catch": "caught", "spend": "spent",
}  # fmt: skip
PERSONS: Final = frozenset(
    {"agent", "user", "customer", "employee", "person", "member", "manager", "admin", "author",
     "student", "teacher", "doctor", "nurse", "patient", "driver", "worker", "developer",
     "engineer", "technician", "owner", "operator", "reviewer", "editor", "seller", "buyer",
     "client", "contact", "guest", "host", "instructor", "tutor", "trainer", "coach", "player",
     "staff", "officer", "representative", "consultant", "volunteer", "tenant", "landlord",
     "supervisor", "assignee", "chef", "waiter", "courier", "mechanic", "lawyer", "candidate",
     "recruiter", "speaker", "attendee", "organizer", "organiser", "librarian", "vet", "rider"}
)  # fmt: skip
TOOLS: Final = frozenset(
    {"system", "app", "application", "service", "platform", "tool", "software", "database",
     "backend", "api", "website", "site", "program", "solution", "portal", "something", "domain",
     "simple", "small", "basic", "new", "online", "web", "little", "tiny", "mobile", "modern"}
)  # fmt: skip
NO_DOMAIN: Final = TOOLS | {
    "management",
    "tracker",
    "tracking",
    "project",
    "product",
    "company",
    "business",
}
"""Words that name no domain, where others stand beside them."""
WISHES: Final = frozenset(
    {"i", "we", "want", "need", "i'd", "we'd", "like", "to", "please", "build", "create", "make",
     "me", "us", "give", "would", "have", "let's", "design", "develop", "a", "an", "the", "set",
     "up", "model", "i'm", "building", "we're", "making", "generate", "my", "our", "is", "this",
     "it", "imagine", "picture", "consider", "suppose", "write", "run", "operate"}
)  # fmt: skip
ORGANISATIONS: Final = frozenset(
    {"agency", "airline", "bank", "blog", "business", "charity", "cinema", "clinic", "club",
     "college", "company", "firm", "gym", "hospital", "hotel", "library", "museum", "office",
     "organisation", "organization", "restaurant", "school", "shop", "store", "studio", "theater",
     "theatre", "university", "warehouse", "garage", "bakery", "practice", "marketplace", "zoo",
     "space",
     "farm", "park", "center", "centre", "pharmacy", "salon", "cafe", "nursery", "gallery",
     "foundation", "association", "supermarket", "publisher", "laboratory", "dealership",
     "station"}
)  # fmt: skip
"""What a first sentence may tell of without that there are records of it."""
CHOSEN: Final = frozenset(
    {"method", "type", "kind", "category", "status", "state", "priority", "level", "role",
     "severity", "plan", "tier", "mode", "channel", "condition", "result", "outcome", "frequency",
     "currency", "format", "size", "gender", "grade"}
)  # fmt: skip
"""Values of which `of` tells the legal ones."""
SINGULAR_S: Final = frozenset(
    {"sales", "goods", "savings", "sports", "news", "series", "species", "parts", "operations",
     "logistics", "analytics", "premises", "lens", "canvas", "gas", "customs", "means"}
)  # fmt: skip
"""Words that end as a verb or a plural does, and stand inside names."""
ASIDES: Final = (
    ("over", "time"), ("at", "a", "time"), ("at", "the", "same", "time"), ("in", "total"),
    ("as", "well"), ("of", "course"), ("in", "general"), ("assigned", "to", "it"),
    ("assigned", "to", "them"),
)  # fmt: skip
"""What may end a clause and says nothing that a contract can hold."""
LISTING: Final = (
    ("there", "are"), ("there", "is"), ("we", "have"), ("i", "have"), ("we", "track"),
    ("it", "manages"), ("it", "tracks"), ("it", "has"), ("it", "handles"), ("it", "should", "have"),
    ("we", "manage"), ("we", "need"), ("we", "store"), ("the", "entities", "are"),
    ("entities",), ("things",), ("the", "system", "has"), ("the", "system", "manages"),
    ("the", "system", "tracks"), ("the", "app", "has"), ("the", "app", "manages"),
    ("the", "app", "tracks"), ("it", "should", "manage"), ("it", "should", "track"),
    ("track",), ("manage",), ("we", "sell"), ("we", "offer"), ("keep", "track", "of"),
)  # fmt: skip
WITH: Final = (
    ("with",), ("for", "managing"), ("for", "tracking"), ("to", "manage"), ("to", "track"),
    ("that", "manages"), ("that", "tracks"), ("that", "has"), ("which", "has"), ("containing",),
    ("consisting", "of"), ("that", "handles"), ("which", "manages"), ("where", "we", "track"),
    ("having",), ("including",), ("for", "keeping", "track", "of"), ("which", "tracks"), ("for",),
    ("that", "keeps", "track", "of"), ("which", "keeps", "track", "of"),
    *((verb, "to", *what) for verb in ("wants", "needs", "has") for what in (
        ("keep", "track", "of"), ("manage",), ("track",), ("organize",), ("organise",))),
    ("that", "sells"), ("that", "organizes"), ("that", "rents", "out"),
    ("to", "handle"), ("to", "organize"), ("to", "organise"), ("to", "keep", "track", "of"),
    ("of",),
)  # fmt: skip

TYPES: Final[dict[str, dict[str, Any]]] = {
    "string": {"type": "string"}, "text": {"type": "text"}, "long text": {"type": "text"},
    "markdown": {"type": "text"}, "integer": {"type": "integer"}, "int": {"type": "integer"},
    "whole number": {"type": "integer"}, "number": {"type": "number"},
    "float": {"type": "number"}, "decimal": {"type": "decimal"}, "money": {"type": "decimal"},
    "currency": {"type": "decimal"}, "amount of money": {"type": "decimal"},
    "boolean": {"type": "boolean"}, "bool": {"type": "boolean"}, "flag": {"type": "boolean"},
    "yes/no": {"type": "boolean"}, "true/false": {"type": "boolean"},
    "date": {"type": "date"}, "datetime": {"type": "datetime"},
    "date and time": {"type": "datetime"}, "timestamp": {"type": "datetime"},
    "time": {"type": "time"}, "duration": {"type": "duration"}, "uuid": {"type": "uuid"},
    "email": {"type": "email"}, "json": {"type": "json"}, "object": {"type": "object"},
    "binary": {"type": "binary"}, "file": {"type": "binary"},
    "url": {"type": "string", "format": "uri"}, "link": {"type": "string", "format": "uri"},
    "list": {"type": "array", "items_type": "string"},
    "list of strings": {"type": "array", "items_type": "string"},
    "list of numbers": {"type": "array", "items_type": "number"},
    **{f"in {unit}": {"type": "number"} for unit in (
        "seconds", "minutes", "hours", "days", "weeks", "months", "years", "kg", "grams", "km",
        "metres", "meters", "cm", "percent")},
    **{f"in {unit}": {"type": "decimal"} for unit in ("euros", "dollars", "pounds", "cents")},
}  # fmt: skip
"""What people call a type, and the keys that it comes to."""

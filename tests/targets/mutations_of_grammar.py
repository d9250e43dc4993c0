"""The grammar of lists and reads: alternatives, fields, nulls, counts and links, broken."""

from mutation import Edit, mutation

GRAMMAR = (
    mutation(
        "all alternatives have to hold",
        "agents::Listing",
        (
            "conditions.py",
            "' OR '.join(map(self._of, group))",
            "' AND '.join(map(self._of, group))",
        ),
    ),
    mutation(
        "alternatives are forgotten",
        "agents::Listing",
        ("conditions.py", "for group in query.groups", "for group in ()"),
    ),
    mutation(
        "the place of nulls is ignored",
        "tickets::Listing",
        (
            "dialect.py",
            "self.descending if self.nulls_first is None else self.nulls_first",
            "self.descending",
        ),
    ),
    mutation(
        "nulls are the least value",
        "tickets::Listing",
        (
            "dialect.py",
            "return self.descending if self.nulls_first is None",
            "return not self.descending if self.nulls_first is None",
        ),
    ),
    mutation(
        "a choice of fields shows all of them",
        "agents::Listing",
        ("paging.py", "    if query.fields is None:\n", "    if True:\n"),
    ),
    mutation(
        "a choice of fields leaves the key away",
        "agents::Listing",
        (
            "paging.py",
            "wanted = {*query.fields, *entity.key}",
            "wanted = {*query.fields}",
        ),
    ),
    mutation(
        "what nobody wants counted is counted",
        "agents::Listing",
        (
            "query_string.py",
            'count=_count(given["count"]) if "count" in given else',
            "count=",
        ),
    ),
    mutation(
        "words are ignored where nothing is searched",
        "agents::Listing",
        ("grammar.py", 'if name != "q" or entity.search)', "if True)"),
        ("conditions.py", "        if query.search:\n", "        if False:\n"),
        (
            "listing.py",
            "((Sort(RANK.name),) if query.search else ())",
            "()",
        ),
        (
            "repository.py",
            "ranked = bool(query.search) and not query.sort",
            "ranked = False",
        ),
    ),
    mutation(
        "a list sends no links",
        "agents::Listing",
        Edit("endpoints.py", "JSON, link)", "JSON)", 2),
    ),
    mutation(
        "a page has no links to others",
        "agents::Listing",
        ("paging.py", "    if page.next_cursor is not None:\n", "    if False:\n"),
    ),
    mutation(
        "of several groups the first alone has to hold",
        "agents::Listing",
        ("conditions.py", "for group in query.groups", "for group in query.groups[:1]"),
    ),
    mutation(
        "a filter inside an object lets everything pass",
        "tickets::Filtering",
        (
            "conditions.py",
            "return value.condition(one.op, one.value)",
            'return "1 = 1"',
        ),
    ),
    mutation(
        "nothing inside an object is null",
        "tickets::Filtering",
        (
            "nested.py",
            'return f"NOT {self.given}" if value else self.given',
            'return "1 = 0" if value else self.given',
        ),
    ),
    mutation(
        "a read shows all fields",
        "agents::Reading",
        (
            "endpoints.py",
            "return context.answer(operation.status, record, query=query)",
            "return context.answer(operation.status, record)",
        ),
    ),
    mutation(
        "a page has no link to the one before",
        "agents::Listing",
        ("paging.py", "    if by_offset and query.offset:\n", "    if False:\n"),
    ),
    mutation(
        "the last page is behind the end",
        "agents::Listing",
        ("paging.py", "(page.total - 1 - shift)", "(page.total - shift)"),
    ),
)

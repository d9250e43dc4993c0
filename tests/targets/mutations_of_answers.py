"""Lists, versions and links, broken."""

from mutation import (
    mutation,
)

LISTS = (
    mutation(
        "greater means greater or equal",
        "agents::Filtering",
        ("conditions.py", '    Op.GT: ">",', '    Op.GT: ">=",'),
    ),
    mutation(
        "a range excludes its end",
        "agents::Filtering",
        (
            "conditions.py",
            "{self._compare(field, '<=', high)}",
            "{self._compare(field, '<', high)}",
        ),
    ),
    mutation(
        "not in means in",
        "agents::Filtering",
        ("conditions.py", "{'NOT IN' if negated else 'IN'}", "IN"),
    ),
    mutation(
        "the null filter is reversed",
        "customers::Filtering",
        ("conditions.py", '"IS NULL" if value else', '"IS NULL" if not value else'),
    ),
    mutation(
        "an operator is forgotten",
        "agents::Filtering",
        (
            "grammar.py",
            "_PATTERN = _ORDER | {Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH}",
            "_PATTERN = _ORDER | {Op.CONTAINS, Op.STARTSWITH}",
        ),
    ),
    mutation(
        "text compares without case",
        "agents::Filtering",
        (
            "dialect.py",
            'return f"instr({self.text(field, table)}, ?{n}) > 0"',
            'return f"instr(lower({self.text(field, table)}), lower(?{n})) > 0"',
        ),
    ),
    mutation(
        "unknown parameters are ignored",
        "agents::Listing",
        (
            "query_string.py",
            "        if name in legal:\n",
            '        if name in legal or name.partition("[")[0] not in entity.by_name:\n',
        ),
    ),
    mutation(
        "the direction of a sort is ignored",
        "agents::Listing",
        ("dialect.py", '(" DESC" if term.descending else "")', '""'),
    ),
    mutation(
        "null sorts first",
        "customers::Listing",
        (
            "dialect.py",
            "return self.descending if self.nulls_first is None else self.nulls_first",
            "return not self.descending",
        ),
    ),
    mutation(
        "the total is one too high",
        "agents::Listing",
        (
            "repository.py",
            "            return query.offset + found\n",
            "            return query.offset + found + 1\n",
        ),
    ),
    mutation(
        "the total ignores the filters",
        "agents::Listing",
        (
            "sql.py",
            'return f"SELECT COUNT(*) AS total FROM {self.name}{where}", where.parameters',
            'return f"SELECT COUNT(*) AS total FROM {self.name}", []',
        ),
    ),
    mutation(
        "the offset is ignored",
        "agents::Listing",
        (
            "listing.py",
            "            if self.query.offset:\n",
            "            if False:\n",
        ),
    ),
    mutation(
        "a cursor repeats its last record",
        "agents::Listing",
        (
            "dialect.py",
            "{'<' if terms[0].descending else '>'}",
            "{'<=' if terms[0].descending else '>='}",
        ),
    ),
    mutation(
        "a limit may be as large as it likes",
        "agents::Listing",
        ("query.py", "MAX_LIMIT: Final = 1000", "MAX_LIMIT: Final = 10000"),
    ),
    mutation(
        "sensitive fields can be filtered",
        "customers::Filtering",
        (
            "filters.py",
            "return None if field is None or field.sensitive else field",
            "return field",
        ),
    ),
)

HTTP = (
    mutation(
        "a stale version is overwritten",
        "agents::Updating",
        ("identity.py", 'if if_match is None or if_match.strip() == "*":', "if True:"),
    ),
    mutation(
        "a known version is sent again",
        "agents::Reading",
        (
            "endpoints.py",
            "        if known is not None and not query.expand:\n",
            "        if False:\n",
        ),
    ),
    mutation(
        "links do not show the open steps",
        "tickets::Transitions",
        ("links.py", "        if allowed:\n", "        if False:\n"),
    ),
    mutation(
        "links lead to the wrong collection",
        "tickets::Reading",
        (
            "links.py",
            'found = {"self": own, "collection": path or "/"}',
            'found = {"self": own, "collection": own}',
        ),
    ),
    mutation(
        "a missing method is not told from a missing path",
        "agents::Protocol",
        ("routes.py", '"method-not-allowed", headers', '"not-found", headers'),
    ),
)

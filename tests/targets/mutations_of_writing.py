"""Keys, preferences, bulk, merges and the grammar of lists, broken."""

from mutation import Edit, mutation

WRITING = (
    mutation(
        "a create with a known key is done again",
        "agents::Repeating",
        (
            "idempotency.py",
            "        if HEADER not in request.headers:",
            "        if True:",
        ),
    ),
    mutation(
        "a known key answers another request",
        "agents::Repeating",
        (
            "idempotency.py",
            'if row["fingerprint"] != self._fingerprint:',
            'if row["fingerprint"] == "":',
        ),
    ),
    mutation(
        "an answer that is given again does not say so",
        "agents::Repeating",
        (
            "idempotency.py",
            'bytes(row["body"]), *headers, REPLAYED)',
            'bytes(row["body"]), *headers)',
        ),
    ),
    mutation(
        "an answer that is given again has lost its headers",
        "agents::Repeating",
        (
            "idempotency.py",
            'bytes(row["body"]), *headers, REPLAYED)',
            'bytes(row["body"]), *headers[:1], REPLAYED)',
        ),
    ),
    mutation(
        "every request has the same fingerprint",
        "agents::Repeating",
        ("idempotency.py", 'scope.get("query_string", b""), raw)', 'b"")'),
    ),
    mutation(
        "a short answer is as long as any",
        "agents::Repeating",
        ("preferences.py", "    if not wanted:\n", "    if True:\n"),
    ),
    mutation(
        "a bulk that fails keeps what came before",
        "agents::Bulk",
        (
            "bulk.py",
            "return await retrying(self.context.database, work)",
            "return await work(None)  # type: ignore[arg-type]",
        ),
    ),
    mutation(
        "every bulk is atomic",
        "agents::Bulk",
        ("bulk.py", 'apart = value.get("atomic") is False', "apart = False"),
    ),
    mutation(
        "a bulk does not say which body is invalid",
        "agents::Bulk",
        ("bulk.py", 'f"{place}/body{own}")', 'f"/body{own}")'),
    ),
    mutation(
        "a bulk does not number its operations",
        "agents::Bulk",
        (
            "bulk.py",
            'place = pointer(("operations", index))',
            'place = pointer(("operations",))',
        ),
    ),
    mutation(
        "a bulk takes unknown members",
        "agents::Bulk",
        ("bulk.py", "    yield from _unknown(value, _MEMBERS, ())\n", ""),
    ),
    mutation(
        "a bulk forgets to delete",
        "agents::Bulk",
        (
            "bulk.py",
            "            await delete(context, operation, target)\n            return {",
            "            return {",
        ),
    ),
    mutation(
        "a merge patch replaces objects",
        "tickets::Updating",
        ("merge.py", "        name: MergePatch(value)\n", "        name: value\n"),
    ),
    mutation(
        "a merge patch stores nulls",
        "tickets::Updating",
        ("merge.py", "found.pop(name, None)", "found[name] = None"),
    ),
    mutation(
        "a replacement keeps what it leaves out",
        "tickets::Replacing",
        (
            "writing.py",
            "        data = cleared | await",
            "        data = await",
        ),
    ),
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
)

"""Keys, preferences, bulk and merges, broken."""

from mutation import mutation

WRITING = (
    mutation(
        "a create with a known key is done again",
        "agents::Repeating",
        (
            "idempotency.py",
            "        if _HEADER not in headers_of(request.scope):",
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
        "a preference that counts is not told",
        "agents::Updating",
        ("preferences.py", 'b"", tag, *more, applied)', 'b"", tag, *more)'),
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
        "a bulk forgets to change",
        "agents::Bulk",
        (
            "bulk.py",
            "operation, await change(context, operation, ready.data, target)",
            "operation, await context.repository.get(target.key, caller=self.caller)",
        ),
    ),
    mutation(
        "a bulk overwrites stale versions",
        "agents::Bulk",
        (
            "bulk.py",
            "Target(ready.item.key, self.caller, ready.item.if_match)",
            "Target(ready.item.key, self.caller)",
        ),
    ),
    mutation(
        "a bulk does not say that a version is stale",
        "agents::Bulk",
        ("problems.py", '    errors.StaleVersion: "/if_match",\n', ""),
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
)

"""Full-text search, broken."""

from mutation import SCHEMA, Edit, mutation

SEARCHES = (
    mutation(
        "a search finds everything",
        "memos::Searching",
        ("conditions.py", "        if query.search:\n", "        if False:\n"),
    ),
    mutation(
        "a search finds parts of words",
        "memos::Searching",
        (
            "search.py",
            "return f'\"{word}\" *' if len(word) == LONGEST else f'\"{word}\"'",
            "return f'\"{word}\" *'",
        ),
    ),
    mutation(
        "a search finds any of its words",
        "memos::Searching",
        (
            "search.py",
            'return " AND ".join(map(_token, words))',
            'return " OR ".join(map(_token, words))',
        ),
    ),
    mutation(
        "a search looks at its first word alone",
        "memos::Searching",
        ("query_string.py", "    return words\n", "    return words[:1]\n"),
    ),
    mutation(
        "a search looks at one field alone",
        "memos::Searching",
        Edit(
            SCHEMA,
            '(new._rowid_, substr(new."title", 1, 50000), substr(new."text", 1, 50000))',
            '(new._rowid_, substr(new."title", 1, 50000), NULL)',
            2,
        ),
    ),
    mutation(
        "a search does not follow changes",
        "memos::Searching",
        (
            SCHEMA,
            'AFTER UPDATE OF "title", "text" ON "memos"',
            'AFTER UPDATE OF "detail" ON "memos"',
        ),
    ),
    mutation(
        "a search for nothing finds everything",
        "memos::Searching",
        (
            "query_string.py",
            "    if not words:\n",
            "    if False:\n",
        ),
    ),
)

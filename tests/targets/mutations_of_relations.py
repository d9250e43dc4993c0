"""What is shown beside a record and around it, broken."""

from mutation import mutation

_SHOW = "shown[name] = None if found is None else show(found)"
_BOTH = "*conditions, predicate] if predicate else conditions)"

EXPANSIONS = (
    mutation(
        "a record beside another shows its secrets",
        "tickets::Expanding",
        (
            "expansions.py",
            _SHOW,
            "shown[name] = None if found is None else {**found, **show(found)}",
        ),
    ),
    mutation(
        "a reference to nothing shows something",
        "tickets::Expanding",
        (
            "expansions.py",
            _SHOW,
            "shown[name] = {} if found is None else show(found)",
        ),
    ),
    mutation(
        "the other end shows what refers to other records",
        "tickets::Expanding",
        (
            "sql_related.py",
            f'" AND ".join([{_BOTH}',
            '" AND ".join(["1 = 1"] if expansion.relation.many else conditions)',
        ),
    ),
    mutation(
        "the other end shows one record more than its bound",
        "tickets::Expanding",
        (
            "expansions.py",
            "[show(one) for one in found[:limit]]",
            "[show(one) for one in found]",
        ),
    ),
    mutation(
        "the rest of the other end repeats what is shown",
        "tickets::Expanding",
        ("expansions.py", "{'offset': str(limit)}", "{'offset': '0'}"),
    ),
    mutation(
        "unknown relations are ignored",
        "tickets::Expanding",
        (
            "expansions.py",
            "            relation = self._find(entity, step)\n",
            "            if step not in self.relations(entity):\n"
            "                return\n"
            "            relation = self._find(entity, step)\n",
        ),
    ),
)

GRAPHS = (
    mutation(
        "the graph forgets an edge",
        "tickets::Graph",
        (
            "graph.py",
            "    for step in walk.steps:\n        holder",
            "    for step in walk.steps[1:]:\n        holder",
        ),
    ),
    mutation(
        "an edge points the other way",
        "tickets::Graph",
        (
            "graph.py",
            "                if relation.reversed:\n",
            "                if not relation.reversed:\n",
        ),
    ),
    mutation(
        "edges are followed both ways whatever is asked",
        "tickets::Graph",
        (
            "graph.py",
            "if direction is not Direction.BOTH and along != forward:",
            "if False:",
        ),
    ),
    mutation(
        "edges are followed further than asked",
        "tickets::Graph",
        (
            "graph.py",
            'depth = _depth(given.get("depth", "1"))',
            'depth = max(2, _depth(given.get("depth", "1")))',
        ),
    ),
    mutation(
        "edges are followed one step, whatever is asked",
        "tickets::Graph",
        (
            "graph.py",
            'depth = _depth(given.get("depth", "1"))',
            'depth = min(1, _depth(given.get("depth", "1")))',
        ),
    ),
    mutation(
        "a depth may be as great as it likes",
        "tickets::Graph",
        ("graph.py", "        if depth <= MAX_DEPTH:\n", "        if True:\n"),
    ),
    mutation(
        "unknown edges are ignored",
        "tickets::Graph",
        ("graph.py", "        if name not in legal:\n", "        if False:\n"),
    ),
)

BESIDE_DELETED = (
    mutation(
        "deleted records are shown beside others",
        "people::Expanding",
        (
            "sql_related.py",
            f'" AND ".join([{_BOTH}',
            '" AND ".join(conditions)',
        ),
    ),
)
"""For a domain where records that refer are deleted softly."""

"""What is offered at the mark of a text that is being typed.

Each case: the file, a piece of it and what takes its place, what is offered and what is not.
"""

from __future__ import annotations

from tests.lsp.places import FLOW, PAGE, TICKET

COMPLETIONS: dict[str, tuple[str, str, str, set[str], set[str]]] = {
    "a key of a field": (
        TICKET,
        "      type: text\n    priority",
        "      type: text\n      ▮\n    priority",
        {"required", "immutable", "references"},
        {"type", "views"},
    ),
    "a key in the making": (
        TICKET,
        "      type: text\n    priority",
        "      type: text\n      uniq▮\n    priority",
        {"unique"},
        {"type"},
    ),
    "a type": (
        TICKET,
        "type: text\n    priority",
        "type: t▮\n    priority",
        {"text", "time"},
        {"required"},
    ),
    "a mixin": (
        TICKET,
        "    - mixin/stdlib/taggable",
        "    - mixin/▮",
        {"mixin/stdlib/taggable"},
        {"entity/helpdesk/agent"},
    ),
    "a workflow": (
        TICKET,
        "workflow/helpdesk/ticket_lifecycle",
        "▮",
        {"workflow/helpdesk/ticket_lifecycle", "workflow/stdlib/approval"},
        {"mixin/stdlib/taggable"},
    ),
    "an entity": (
        TICKET,
        "entity: entity/helpdesk/agent",
        "entity: ▮",
        {"entity/helpdesk/agent"},
        {"workflow/stdlib/approval"},
    ),
    "a field of another entity": (
        TICKET,
        "display: name\n        graph_edge: A",
        "display: ▮\n        graph_edge: A",
        {"department", "email"},
        {"subject"},
    ),
    "a field in an open bracket": (
        TICKET,
        "[[state, priority]]",
        "[[state, prio▮",
        {"priority", "id", "created_at"},
        {"state"},
    ),
    "a field in a formula": (
        TICKET,
        "estimated_hours - spent_hours",
        "estimated_hours - sp▮",
        {"spent_hours", "size"},
        {"now_on_update"},
    ),
    "a column": (
        PAGE,
        "[number, subject,",
        "[number, ▮",
        {"channel", "resolved_at"},
        {"state_machine"},
    ),
    "a view's key": (
        PAGE,
        "group_by: state}",
        "▮",
        {"group_by", "sort_by"},
        {"type", "card_fields"},
    ),
    "a path": (PAGE, "endpoint: /tickets", "endpoint: /▮", {"/customers"}, set()),
    "a state": (
        FLOW,
        "initial: new",
        "initial: ▮",
        {"new", "waiting_customer"},
        {"subject"},
    ),
    "a step": (
        FLOW,
        '    "* -> closed":\n      condition',
        "    ▮:\n      condition",
        {"* -> closed", "new -> assigned"},
        set(),
    ),
    "a category": (
        FLOW,
        "category: hold",
        "category: ▮",
        {"open", "hold", "closed"},
        set(),
    ),
    "a condition": (
        FLOW,
        "resolution != null",
        "▮",
        {"resolution", "customer_id", "user"},
        {"now_on_update"},
    ),
    "a field to set": (
        FLOW,
        "{resolved_at: null}",
        "{▮",
        {"resolved_at", "subject"},
        {"new"},
    ),
    "a kind": (TICKET, "kind: Entity", "kind: ▮", {"Entity", "Infra"}, {"entity"}),
}

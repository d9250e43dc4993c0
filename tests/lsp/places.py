"""The domain that editors work on in these tests."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOMAIN = "domains/helpdesk"
TICKET = f"{DOMAIN}/entities/ticket.contract.yaml"
CUSTOMER = f"{DOMAIN}/entities/customer.contract.yaml"
REVIEW = f"{DOMAIN}/entities/review.contract.yaml"
PAGE = f"{DOMAIN}/pages/tickets.contract.yaml"
FLOW = f"{DOMAIN}/workflows/ticket_lifecycle.contract.yaml"

"""Shows a proposed change and asks whether it shall be applied."""

from __future__ import annotations

import click

from factory.proposals import Outdated, Proposal
from specora.cli import output

yes_option = click.option(
    "--yes", "-y", is_flag=True, help="Apply without asking, for scripts."
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show the change and write nothing."
)

_MARKS = {"+": "good", "-": "error", "@": "note"}


def show(proposal: Proposal) -> None:
    """The change as a diff, and what is wrong with the domain that it leaves."""
    for line in proposal.diff().splitlines():
        text = output.printable(line)
        head = line.startswith(("+++", "---"))
        output.say(text if head else output.paint(text, _MARKS.get(line[:1], "")))


def agreed(question: str = "Apply?") -> bool:
    """What the person says; the end of the input is no."""
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort:
        output.note("")
        return False


def apply(proposal: Proposal) -> bool:
    """Write it, unless a file changed since it was looked at."""
    try:
        proposal.apply()
    except Outdated as stale:
        output.note(f"Nothing is written: {stale}.")
        return False
    return True

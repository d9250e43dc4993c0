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


def settled(proposal: Proposal, *, yes: bool, dry_run: bool, as_json: bool) -> bool:
    """Show the change, ask, apply; whether it is written. With JSON nothing is shown or asked."""
    if not as_json:
        show(proposal)
    if not proposal.fixes:
        if not as_json:
            output.say("Nothing to change.")
        return False
    if dry_run or not (yes or (not as_json and agreed())):
        if not as_json:
            output.note("Nothing is written.")
        return False
    done = apply(proposal)
    if done and not as_json:
        for name in proposal.fixes:
            output.say(f"wrote {name}")
    return done


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

"""Changes of a domain: what is wanted, as edits that can be looked at before they are applied."""

from factory.proposals.proposal import (
    Outdated,
    Proposal,
    Wanted,
    propose,
    propose_texts,
)

__all__ = ["Outdated", "Proposal", "Wanted", "propose", "propose_texts"]

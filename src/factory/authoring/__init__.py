"""Contracts with the help of a model: what it writes is data until it passed every check."""

from factory.authoring.answers import contracts_in
from factory.authoring.refinement import Refinement, Target, refine, target_of

__all__ = ["Refinement", "Target", "contracts_in", "refine", "target_of"]

"""The contract language in brief: what coding agents and models are told of it.

Made from the tables that check contracts, so that it can say nothing that is not so.
"""

from factory.briefing.language import Part, examples, language_brief, parts

__all__ = ["Part", "examples", "language_brief", "parts"]

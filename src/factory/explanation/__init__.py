"""What a contract or a domain means, in prose and tables made of the compiled IR, by no model."""

from factory.explanation.domains import domain_page
from factory.explanation.page import Page, Section
from factory.explanation.subjects import explain

__all__ = ["Page", "Section", "domain_page", "explain"]

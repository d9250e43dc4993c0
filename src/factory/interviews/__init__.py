"""Questions whose answers come to a description of a domain."""

from factory.interviews.interview import Interview, Question

__all__ = ["Interview", "Question"]

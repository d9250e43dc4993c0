"""One contract to begin with, of any kind, from the facts that are given."""

from factory.starters.starter import Given, Started, start

__all__ = ["Given", "Started", "start"]

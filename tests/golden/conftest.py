"""The golden trees hold tests of generated services: those run from the trees, not from here."""

collect_ignore = ["trees"]

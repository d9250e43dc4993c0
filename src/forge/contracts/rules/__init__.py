"""Rules about the form of contracts. One rule, one file; the file's docstring is its page."""

"""The command line and what it drives: operations over contracts and generated services."""

"""What a request to a generated service costs, beside hand-written services that do less."""

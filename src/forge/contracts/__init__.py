"""The language as written: which keys a contract may have and what they hold."""

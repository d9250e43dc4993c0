"""Every way into a contract."""

"""What the targets of clients share: every operation of the interface, in no language yet."""

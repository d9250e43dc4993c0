"""What the IR can be turned into: the IR, the emitter and diagnostics are all it imports."""

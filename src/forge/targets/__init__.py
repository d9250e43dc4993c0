"""What the IR can be turned into. A target imports the IR, the emitter and diagnostics, nothing else."""

"""`spc mcp`, by the `mcp` package's own client and by raw messages."""

"""The operations of `spc` for coding agents, over the Model Context Protocol.

`tools` lists what can be called, `server` answers the protocol, everything else is what the
tools do. Only `server` and `http` import the `mcp` library, which the extra `[mcp]` installs.
"""

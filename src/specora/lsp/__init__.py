"""`spc lsp`: the language server. `forge.editing` knows the answers, this speaks the protocol."""

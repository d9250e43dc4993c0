"""`spc lsp` and what it stands on, as editors see them."""

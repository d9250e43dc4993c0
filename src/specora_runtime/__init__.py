"""Constant code that ships inside every generated application as `backend/runtime/`.

What varies with the contracts is generated as declarations over these modules; what does not
vary lives here. Nothing in this package imports anything of Specora, and every import inside it
is relative, so that the copy works under any package name.
"""

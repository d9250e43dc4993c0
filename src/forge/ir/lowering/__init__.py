"""Contracts as written to IR values, one contract at a time.

Lowering never fails: what does not conform was reported when the contract was loaded,
and reads as absent here.
"""

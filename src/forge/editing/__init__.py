"""What stands at a place of a contract, what could stand there, and what changes along with it.

For editors and other tools that work on contracts as they are being written. Nothing here knows a
protocol: places are offsets, answers are values.
"""

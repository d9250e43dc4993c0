"""The edge of the process: what a command raises becomes an exit code."""

from __future__ import annotations

import gc
import os
import sys

import click

OK = 0
ERRORS = 1
INTERRUPTED = 130
BUG = 70


def guarded(command: click.Command) -> int:
    """Run a command. What it did not foresee is our bug: exit 70 with a report in a file."""
    # A command is over before garbage would matter; collecting it costs a fifth of the time.
    gc.disable()
    try:
        result = command.main(args=sys.argv[1:], standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _note("aborted")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        # A full disk or a folder without permission is no fault of the program.
        _note(f"Error: {error}")
        return ERRORS
    except Exception:
        return _bug()
    finally:
        # What is there now ends with the process: the last collection need not look at it.
        gc.freeze()
    return result if isinstance(result, int) else OK


def _bug() -> int:
    import tempfile
    import traceback

    handle, name = tempfile.mkstemp(prefix="specora-bug-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(" ".join(sys.argv) + "\n\n" + traceback.format_exc())
    last = traceback.format_exc().strip().splitlines()[-1]
    _note(
        f"internal error: {last}\nThis is a fault of specora; the details are in {name}"
    )
    return BUG


def _note(text: str) -> None:
    click.echo(text, err=True)

"""A command group that imports a command when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """Knows the names and help lines of its commands without importing them.

    Each module holds its command as `command`.
    """

    def __init__(
        self,
        name: str,
        *,
        help: str,
        commands: Mapping[str, tuple[str, str]],
        groups: Mapping[str, click.Command] | None = None,
    ) -> None:
        super().__init__(name, help=help, commands=dict(groups or {}))
        self._lazy = dict(commands)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*self._lazy, *self.commands])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._lazy:
            module = import_module(self._lazy[cmd_name][0])
            command: click.Command = module.command
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in known:
            from difflib import get_close_matches

            close = get_close_matches(args[0], known, n=1)
            hint = f" Did you mean `{close[0]}`?" if close else ""
            ctx.fail(f"No such command `{args[0]}`.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        rows = []
        for name in self.list_commands(ctx):
            if name in self._lazy:
                rows.append((name, self._lazy[name][1]))
            else:
                rows.append((name, self.commands[name].get_short_help_str()))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

"""The commands of `spc` as values, from the tree of click."""

from __future__ import annotations

from collections.abc import Iterator

import click

from forge.emit.literals import Code
from specora.scaffold.manual import Command


def commands(program: click.Group) -> tuple[Command, ...]:
    """Every command of a program, by name, with its arguments, its help and its options."""
    context = click.Context(program, info_name=program.name)
    return tuple(_commands(program, context))


def _commands(group: click.Group, context: click.Context) -> Iterator[Command]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)
        else:
            yield _command(command, inner)


def _command(command: click.Command, context: click.Context) -> Command:
    arguments = [_argument(p) for p in command.params if isinstance(p, click.Argument)]
    options = [
        f"`{_option(p)}`"
        for p in command.params
        if isinstance(p, click.Option) and not p.hidden
    ]
    return Command(
        Code(" ".join((context.command_path, *arguments))),
        Code(_cell(command.get_short_help_str(200))),
        Code(_cell(" ".join(options))),
    )


def _argument(argument: click.Argument) -> str:
    name = (argument.name or "").upper()
    return name if argument.required else f"[{name}]"


def _option(option: click.Option) -> str:
    name = max(option.opts, key=len)
    if option.is_flag:
        return "/".join((name, *option.secondary_opts))
    if isinstance(option.type, click.Choice):
        return f"{name} {'|'.join(map(str, option.type.choices))}"
    return f"{name} {option.metavar or name.lstrip('-').upper()}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

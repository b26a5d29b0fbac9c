"""The command line: every command in one application, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from cyclopts import App

from diversion.commands.declared import checking, files, measuring, parties, reviewing, routes, worlds
from diversion.errors import DiversionError
from diversion.output import say

app = App(
    name="diversion",
    help="Finds dual-use goods on their way to restricted end users, and explains every route. "
    'It ranks for people to judge; "no hit" is never a clearance.',
    help_format="plaintext",
    version_flags=["--version"],
)
app.command(
    "diversion.commands.policy:app",
    name="policy",
    help="Show which law applies on a day, and check packs of your own.\n\n"
    "Example: diversion policy show bis-affiliates --as-of 2025-10-15",
)

COMMANDS = (
    worlds.demo,
    files.ingest,
    files.mapping,
    files.source,
    routes.analyze,
    routes.routes,
    routes.runs,
    routes.explain,
    measuring.flow,
    measuring.central,
    measuring.patterns,
    parties.party,
    parties.owners,
    parties.screen,
    checking.check,
    routes.report,
    worlds.simulate,
    worlds.doctor,
)
for _command in COMMANDS:
    app.command(_command)
app.command(reviewing.app)


def _with_stdin(arguments: Sequence[str]) -> list[str]:
    """The arguments with a lone `-`, which means standard input, where it is not taken for an option."""
    if "-" not in arguments or "--" in arguments:
        return list(arguments)
    return [*(one for one in arguments if one != "-"), "--", "-"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; errors become one message on stderr and an exit code."""
    try:
        code: Any = app(_with_stdin(sys.argv[1:] if arguments is None else arguments))
    except DiversionError as fault:
        say(f"error: {fault}")
        code = fault.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        say("stopped")
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()

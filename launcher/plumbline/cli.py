"""The command line: ``./plumbline COMMAND``."""

from __future__ import annotations

import argparse
import difflib
import os
import signal
import sys
import traceback
from typing import List, Optional

from . import testenv
from .cancellation import Cancellation
from .configuration import Configuration
from .downloads import disk_error
from .errors import Cancelled, LauncherError
from .installation import Installation
from .layout import Checkout, DEFAULT_INSTANCE, Instance
from .terminal import Terminal


def _installation(args, instance: str) -> Installation:
    checkout = Checkout.current()
    place = Instance.named(checkout, instance)
    configuration = Configuration.load(checkout.root, os.environ, {}, place.is_default)
    return Installation(checkout, place, configuration, args.terminal, args.cancellation)


def _test_env(args) -> int:
    installation = _installation(args, testenv.INSTANCE)
    if args.action == "up":
        # Progress goes to the standard error stream, so that eval "$(./plumbline test-env up --print-env)" works.
        testenv.up(installation, args.fresh)
        if args.print_env:
            print("\n".join(testenv.environment_lines(installation, args.format)))
        else:
            args.terminal.line('  use it: eval "$(./plumbline test-env env)"')
    elif args.action == "down":
        if not testenv.down(installation):
            args.terminal.line("  the test environment was not running")
    elif args.action == "reset":
        testenv.down(installation)
        testenv.reset(installation)
        args.terminal.line("  the test environment's data is removed")
    else:
        print("\n".join(testenv.environment_lines(installation, args.format)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./plumbline")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    test_env = commands.add_parser("test-env")
    test_env.add_argument("action", choices=("up", "down", "env", "reset"))
    test_env.add_argument("--fresh", action="store_true")
    test_env.add_argument("--print-env", action="store_true")
    test_env.add_argument("--format", choices=("shell", "dotenv", "json"), default="shell")
    test_env.set_defaults(run=_test_env)
    return parser


def main(arguments: Optional[List[str]] = None) -> int:
    args = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    args.terminal = Terminal(sys.stderr)
    args.cancellation = Cancellation()
    try:
        return args.run(args)
    except LauncherError as failed:
        args.terminal.line(f"error: {failed.what}")
        if failed.remedy:
            args.terminal.line(f"  -> {failed.remedy}")
        return 1

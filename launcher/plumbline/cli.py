"""The command line: ``./plumbline COMMAND``."""

from __future__ import annotations

import argparse
import difflib
import importlib
import importlib.util
import os
import signal
import sys
import time
import traceback
from typing import List, Optional

from . import doctor, inspection, pins, programs, testenv, testrun
from . import up as whole_platform
from .build import Build
from .cancellation import Cancellation
from .configuration import Configuration
from .downloads import disk_error
from .errors import Cancelled, LauncherError
from .installation import PORT_OPTIONS, TITLES, Installation, embedded_environment
from .layout import DEFAULT_INSTANCE, Checkout, Instance
from .terminal import Terminal

_EPILOG = """\
Settings come from options, then environment variables, then plumbline.toml; DEVELOPING.md lists them all.
Downloads are kept in $PLUMBLINE_CACHE (default ~/.cache/plumbline), everything else in .plumbline/.
"""


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs one command; every failure ends as a sentence with a remedy, never as a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    terminal = Terminal()
    complaints = Terminal(sys.stderr)
    cancellation = Cancellation()
    # Also where a shell started us in the background with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        unknown = _unknown_command(arguments)
        if unknown:
            complaints.line(unknown)
            return 2
        args = _parse(arguments)
        args.terminal, args.cancellation = terminal, cancellation
        return args.run(args)
    except LauncherError as failed:
        terminal.clear()
        complaints.line(f"error: {failed.what}")
        if failed.remedy:
            complaints.line(f"  -> {failed.remedy}")
        return 1
    except (KeyboardInterrupt, Cancelled):
        cancellation.cancel()
        terminal.clear()
        complaints.line("interrupted; what this command had started was ended")
        return 130
    except OSError as failed:
        _keep_traceback()
        worded = disk_error(failed, Checkout.current().state)
        complaints.line(f"error: {worded.what}")
        complaints.line(f"  -> {worded.remedy}")
        return 1
    except Exception as failed:  # the last door: a person gets a sentence, the log the traceback
        log = _keep_traceback()
        complaints.line(f"error: the launcher failed in a way it does not know: {type(failed).__name__}: {failed}")
        complaints.line(f"  -> Details are in {log}; please report them.")
        return 70


def _interrupt(number, frame):
    raise KeyboardInterrupt


def _keep_traceback() -> str:
    log = Checkout.current().log / "launcher.log"
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"--- {stamp} {' '.join(sys.argv[1:2])}\n{traceback.format_exc()}\n")
    except OSError:
        return "(the log could not be written either)"
    return str(log)


# --- commands


def _installation(args, name: Optional[str] = None) -> Installation:
    checkout = Checkout.current()
    instance = Instance.named(checkout, name or getattr(args, "instance", DEFAULT_INSTANCE))
    options = {variable: str(value) for variable, value in getattr(args, "settings", {}).items() if value is not None}
    configuration = Configuration.load(checkout.root, os.environ, options, instance.is_default)
    known = [Instance.named(checkout, DEFAULT_INSTANCE)]
    instances = checkout.state / "instances"
    if instances.is_dir():
        known += [Instance.named(checkout, folder.name) for folder in sorted(instances.iterdir()) if folder.is_dir()]
    for each in known:
        configuration = configuration.without(embedded_environment(each), keep=options)
    return Installation(checkout, instance, configuration, args.terminal, args.cancellation)


def _up(args) -> int:
    args.settings = {Configuration.port_variable(part): getattr(args, f"{part}_port") for part in TITLES}
    whole_platform.up(_installation(args), args.extra_models or [])
    return 0


def _down(args) -> int:
    whole_platform.down(_installation(args))
    return 0


def _status(args) -> int:
    return inspection.status(_installation(args), args.json)


def _logs(args) -> int:
    try:
        return inspection.logs(_installation(args), args.part, args.lines, args.follow)
    except KeyboardInterrupt:
        return 0  # the usual way to leave -f


def _reset(args) -> int:
    return inspection.reset(_installation(args), args.yes)


def _doctor(args) -> int:
    return doctor.run(_installation(args))


def _build(args) -> int:
    build = Build(_installation(args))
    if args.force:
        build.package()
    elif not build.ensure():
        args.terminal.line("  the server is up to date")
    return 0


def _format(args) -> int:
    return programs.format_sources(_installation(args))


def _test(args) -> int:
    return testrun.run(_installation(args, testenv.INSTANCE), args.suites or testrun.SUITES)


def _test_env(args) -> int:
    if args.print_env:
        # The output is for eval; what a person reads goes to the other stream.
        args.terminal = Terminal(sys.stderr)
    installation = _installation(args, testenv.INSTANCE)
    if args.action == "up":
        testenv.up(installation, args.fresh)
        if not args.print_env:
            args.terminal.line('  use it: eval "$(./plumbline test-env env)"')
    elif args.action == "down":
        whole_platform.down(installation)
    elif args.action == "reset":
        return inspection.reset(installation, confirmed=True)
    if args.action == "env" or args.print_env:
        print("\n".join(testenv.environment_lines(installation, args.format)))
    return 0


def _program(args) -> int:
    return programs.run(_installation(args), args.command, args.arguments)


def _demo(args) -> int:
    return importlib.import_module("plumbline.demo").main(_installation(args), args.arguments)


def _bench(args) -> int:
    return importlib.import_module("plumbline.bench").main(_installation(args), args.arguments)


# --- the parser

_PASS_THROUGH = {
    "golden": "check kernels, engine and trainer against a folder of reference results",
    "train": "fine-tune a model on a file, without the platform",
    "generate": "let a model answer, without the platform",
    "quantize": "write a model again with smaller weights, and show what that costs",
    "screen": "run the compliance rules over a file, without the platform",
    "verify-audit": "check an exported audit log or proof, without the platform",
}


def _commands() -> dict:
    commands = {
        "up": "fetch, build and start everything; leave alone what already runs",
        "down": "end everything that up started",
        "status": "parts with pid, port, memory and health; exit status 0 when all serve",
        "logs": "the log of a part",
        "doctor": "what this machine has and lacks",
        "reset": "remove all local data; downloads stay",
        **_PASS_THROUGH,
        "bench": "what serving and its kernels reach, beside llama.cpp and the machine's peaks",
        "build": "build the server where its sources are newer",
        "format": "format the sources in place",
        "test": "formatting, static analysis, unit and integration tests",
        "test-env": "PostgreSQL, Keycloak and Kafka for tests started by hand",
    }
    if importlib.util.find_spec("plumbline.demo"):
        commands["demo"] = "the main job on real input, through the public API"
    return commands


def _unknown_command(arguments: List[str]) -> Optional[str]:
    if not arguments or arguments[0].startswith("-") or arguments[0] in _commands():
        return None
    near = difflib.get_close_matches(arguments[0], _commands(), 3, 0.5)
    hint = f" Did you mean: {', '.join(near)}?" if near else ""
    return f"error: '{arguments[0]}' is not a command.{hint}\n  -> ./plumbline --help lists the commands."


def _parse(arguments: List[str]) -> argparse.Namespace:
    if arguments and arguments[0] in (*_PASS_THROUGH, "demo", "bench"):
        # Everything after the name belongs to the program, its --help too.
        run = {"demo": _demo, "bench": _bench}.get(arguments[0], _program)
        return argparse.Namespace(command=arguments[0], arguments=arguments[1:], run=run)
    return _parser().parse_args(arguments or ["--help"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./plumbline",
        description="Plumbline: fine-tune, check, serve and audit domain language models on your own machines.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    made = {}
    for name, text in _commands().items():
        made[name] = subparsers.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    for name in ("up", "down", "status", "logs", "doctor", "reset"):
        made[name].add_argument("--instance", default=DEFAULT_INSTANCE, metavar="NAME", help="another installation")
    _add_up(made["up"])
    made["down"].set_defaults(run=_down)
    made["status"].add_argument("--json", action="store_true", help="one JSON array instead of a table")
    made["status"].set_defaults(run=_status)
    made["logs"].add_argument("part", choices=inspection.LOGS, metavar="PART", help=", ".join(inspection.LOGS))
    made["logs"].add_argument("-f", "--follow", action="store_true", help="go on printing what is written")
    made["logs"].add_argument("-n", "--lines", type=int, default=60, metavar="N", help="begin N lines before the end")
    made["logs"].set_defaults(run=_logs)
    made["doctor"].set_defaults(run=_doctor)
    made["reset"].add_argument("--yes", action="store_true", help="do not ask")
    made["reset"].set_defaults(run=_reset)
    made["build"].add_argument("--force", action="store_true", help="build even when nothing changed")
    made["build"].set_defaults(run=_build)
    made["format"].set_defaults(run=_format)
    _add_test(made["test"])
    _add_test_env(made["test-env"])
    return parser


def _add_up(up: argparse.ArgumentParser) -> None:
    for part, option in PORT_OPTIONS.items():
        default = Configuration.default_port(part)
        text = f"port of {TITLES[part]} (default {default})"
        up.add_argument(option, dest=f"{part}_port", type=int, metavar="PORT", help=text)
    up.add_argument(
        "--with",
        dest="extra_models",
        action="append",
        choices=sorted(pins.OPTIONAL_MODELS),
        help="also fetch this base model; gemma3 comes under the Gemma Terms of Use",
    )
    up.set_defaults(run=_up)


def _add_test(test: argparse.ArgumentParser) -> None:
    # argparse of Python 3.9 rejects an empty list of choices, so the names are checked by type.
    test.add_argument("suites", nargs="*", metavar="SUITE", type=_suite, help=f"{', '.join(testrun.SUITES)}; default: all")
    test.set_defaults(run=_test)


def _suite(name: str) -> str:
    if name not in testrun.SUITES:
        raise argparse.ArgumentTypeError(f"'{name}' is not one of {', '.join(testrun.SUITES)}")
    return name


def _add_test_env(test_env: argparse.ArgumentParser) -> None:
    test_env.add_argument("action", choices=("up", "down", "env", "reset"))
    test_env.add_argument("--fresh", action="store_true", help="empty the application's database first")
    test_env.add_argument("--print-env", action="store_true", help="with up: print the environment for eval")
    test_env.add_argument("--format", choices=("shell", "dotenv", "json"), default="shell", help="form of env")
    test_env.set_defaults(run=_test_env)

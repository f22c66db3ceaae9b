"""The kernel benchmarks (JMH) of ``inference-pool/src/jmh``, which only this command compiles."""

from __future__ import annotations

import argparse
import subprocess
from typing import List

from ..errors import LauncherError
from ..installation import Installation
from ..prerequisites import find_maven, java_environment


def run(installation: Installation, arguments: List[str]) -> int:
    """Compiles and runs them; their output is the benchmark's."""
    args = _parser().parse_args(arguments)
    words = [f"--threads={args.threads}"] if args.threads else []
    words += [f"--backend={args.backend}"] if args.backend else []
    words += ["--quick"] if args.quick else []
    words += ["--json"] if args.json else []
    words += args.names
    maven = [find_maven(), "-B", "-q", "-ntp", "-pl", "inference-pool", "-Pjmh", "-Dmaven.test.skip=true"]
    maven += ["-Dspotless.check.skip=true", f"-Djmh.arguments={' '.join(words)}", "verify"]
    installation.terminal.flush()
    helper = installation.cancellation.start(
        maven, cwd=str(installation.checkout.root), env=java_environment(installation.jdk), stdin=subprocess.DEVNULL
    )
    if installation.cancellation.finish(helper):
        raise LauncherError("The kernel benchmarks failed; their words are above.", "Mend what they name.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./plumbline bench kernels",
        description="Measures each kernel (JMH) in GB/s and GFLOPS (integer products: GOPS) against what this machine can do "
        "at most, measured in turn with it; each output is compared with the reference backend's. All of them take about "
        "ten minutes.",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="only kernels whose name has one of these: matmul, attention, lora, rows, loss, optimiser, backward, sampling, store, pack",
    )
    parser.add_argument("--threads", type=int, metavar="N", help="threads of the kernels (default: all processors)")
    parser.add_argument("--backend", metavar="NAME", help="kernel backend (default: the best one of this machine)")
    parser.add_argument("--quick", action="store_true", help="one short iteration each, of few formats and sizes: a minute or two")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    return parser

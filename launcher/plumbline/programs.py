"""Commands that run a plain Java program of the packaged server: golden, train, generate, quantize, screen, verify-audit; and Maven's."""

from __future__ import annotations

import os
import subprocess
from typing import List

from . import models, pins
from .build import Build, java_command
from .cancellation import Finished
from .errors import LauncherError
from .installation import Installation
from .prerequisites import find_maven, java_environment

MAINS = {
    "golden": "io.plumbline.inference.golden.GoldenCommand",
    "generate": "io.plumbline.inference.engine.GenerateCommand",
    "quantize": "io.plumbline.inference.conversion.QuantizeCommand",
    "train": "io.plumbline.finetune.training.TrainCommand",
    "screen": "io.plumbline.compliance.screen.ScreenCommand",
    "verify-audit": "io.plumbline.compliance.audit.VerifyAuditCommand",
}
BACKENDS_MAIN = "io.plumbline.inference.kernel.BackendsCommand"
# The names by which the golden folders call the models.
_GOLDEN_MODELS = {"smollm2": pins.SMOLLM2, "gemma3-270m": pins.GEMMA3}


def run(installation: Installation, name: str, arguments: List[str]) -> int:
    """Becomes the Java program: its output, its exit status, its signals."""
    Build(installation).ensure()
    if name == "golden":
        models.provide(installation)
        arguments = [*arguments, *_golden_models(installation, arguments)]
    command = java_command(installation.checkout, installation.jdk, MAINS[name], arguments)
    environment = {**java_environment(installation.jdk), "PLUMBLINE_MODELS": str(installation.models)}
    installation.terminal.flush()
    os.execve(command[0], command, environment)


def backends(installation: Installation) -> Finished:
    """What the kernel backends say about this machine."""
    command = java_command(installation.checkout, installation.jdk, BACKENDS_MAIN, [])
    return installation.cancellation.run(command, env=java_environment(installation.jdk))


def verify_audit(installation: Installation, arguments: List[str]) -> Finished:
    """What the offline verifier of the audit log says."""
    command = java_command(installation.checkout, installation.jdk, MAINS["verify-audit"], arguments)
    return installation.cancellation.run(command, env=java_environment(installation.jdk))


def format_sources(installation: Installation) -> int:
    """Formats Java sources and poms in place."""
    command = [find_maven(), "-B", "-q", "-ntp", "spotless:apply"]
    helper = installation.cancellation.start(
        command, cwd=str(installation.checkout.root), env=java_environment(installation.jdk), stdin=subprocess.DEVNULL
    )
    if installation.cancellation.finish(helper):
        raise LauncherError("Formatting failed; Maven's words are above.", "Mend the source it names.")
    return 0


def _golden_models(installation: Installation, arguments: List[str]) -> List[str]:
    """``--model NAME=FILE`` for each model that lies in the models folder and was not named by hand."""
    found = []
    for name, model in _GOLDEN_MODELS.items():
        file = installation.models / model.file
        if file.exists() and not any(argument.startswith((f"{name}=", f"--model={name}=")) for argument in arguments):
            found += ["--model", f"{name}={file}"]
    return found

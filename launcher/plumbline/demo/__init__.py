"""``demo``: the main job on real input, through the public API, as a readable transcript.

For each tenant: upload rows, validate, fine-tune, show the held-out loss before and after, deploy, ask the base and the
tuned model, show a blocked, a redacted and a rewritten answer, and the usage. Then an answer that a rule holds: a
reviewer releases it with an edit, and the decision is proved from the audit log, offline. Where Gemma 3 is installed (or
--with gemma3 fetches it), the factory also tunes this second language model on Chinese rows, under a chat template of its own.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import List

from .. import pins, programs
from ..errors import LauncherError
from ..installation import Installation
from ..probe import http_status
from ..tenant_key import user_token
from .api import Api
from .held import HeldAnswerSection
from .narrator import Narrator
from .plans import load_plans, load_second_model_plan
from .second_model import SecondModelSection
from .transcript import TenantSection, TrainingOptions


def _must_serve(url: str) -> None:
    status, _ = http_status(f"{url}/q/health/ready")
    if status != 200:
        raise LauncherError(f"No platform serves at {url}.", "Start it: ./plumbline up")


def main(installation: Installation, arguments: List[str]) -> int:
    """Runs the demo against this checkout's platform, which ``up`` has started."""
    demo_folder = installation.checkout.root / "demo"
    args = _parser(demo_folder / "data").parse_args(arguments)
    plans = load_plans(demo_folder / "prompts.json", args.data)
    chosen = [plan for plan in plans if args.tenant in (None, plan.tenant)]
    url = installation.application_url
    _must_serve(url)
    narrator = Narrator(installation.terminal.line)

    def sign_in(user: str) -> Api:
        return Api(url, user_token(installation, user))

    section = TenantSection(sign_in, url, TrainingOptions(epochs=args.epochs, max_rows=args.rows), narrator)
    held = HeldAnswerSection(sign_in, lambda proof, key: _verified(installation, proof, key), narrator)
    second_model = SecondModelSection(installation, section, narrator)
    if args.extra_model:
        second_model.fetch()
    tuned = [section.run(plan) for plan in chosen]
    for tenant in tuned:
        held.run(tenant)
    second_plan = load_second_model_plan(demo_folder / "prompts.json", args.data)
    if second_plan is not None and args.tenant in (None, second_plan.tenant):
        second_model.run(second_plan)
    narrator.say(f"done: {len(tuned)} tenant(s), every answer screened, every token counted")
    return 0


def _verified(installation: Installation, proof: Path, key: Path) -> str:
    """What the offline verifier says; a proof that it refutes ends the demo."""
    done = programs.verify_audit(installation, ["--key", str(key), str(proof)])
    if done.status:
        raise LauncherError(f"The proof of the decision was refuted:\n{done.tail()}")
    return done.output


def _parser(data: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./plumbline demo", description=(__doc__ or "").split("\n\n", 1)[1])
    parser.add_argument(
        "--data",
        type=Path,
        default=data,
        metavar="FOLDER",
        help="folder with DOMAIN.train.jsonl and DOMAIN.eval.jsonl (medical, finance, industrial); default: the project's own rows",
    )
    parser.add_argument("--tenant", choices=("hospital", "broker", "factory"), help="only this tenant")
    parser.add_argument("--epochs", type=_positive, default=3, metavar="N", help="passes over the rows (default 3)")
    parser.add_argument("--rows", type=_positive, metavar="N", help="take the first N rows of each file; default: the first 60 kB")
    parser.add_argument(
        "--with",
        dest="extra_model",
        choices=sorted(pins.OPTIONAL_MODELS),
        help="fetch this base model first; gemma3 comes under the Gemma Terms of Use",
    )
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value

"""What the demo does for which tenant: prompts of the project, rows of any folder of the same layout."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from ..errors import LauncherError

GEMMA3 = "gemma-3-270m"


@dataclass(frozen=True)
class DomainPlan:
    """What the demo does for one tenant."""

    name: str
    tenant: str
    packs: List[str]
    audience: str
    question: str
    screening: List[Dict[str, Any]]
    held: Optional[Dict[str, Any]]
    train: Path
    evaluation: Path
    base: str = "smollm2"  # how the base model's name begins
    chat_template: Optional[str] = None  # Jinja source, for a base model that brings none


def load_plans(prompts_file: Path, data_folder: Path) -> List[DomainPlan]:
    """One plan per domain that has a training file in the folder."""
    prompts = json.loads(prompts_file.read_text(encoding="utf-8"))["domains"]
    plans = []
    for name, domain in prompts.items():
        train, evaluation = _rows(data_folder, name)
        if not train.is_file():
            continue
        plans.append(
            DomainPlan(
                name=name,
                tenant=domain["tenant"],
                packs=domain["packs"],
                audience=domain["audience"],
                question=domain["comparison"]["prompt"],
                screening=_one_per_outcome(domain["screening"]),
                held=domain.get("held"),
                train=train,
                evaluation=evaluation,
            )
        )
    if not plans:
        raise LauncherError(
            f"{data_folder} holds no training file.",
            "Expected one or more of " + ", ".join(f"{name}.train.jsonl" for name in prompts) + ", each with its .eval.jsonl.",
        )
    return plans


def load_second_model_plan(prompts_file: Path, data_folder: Path) -> Optional[DomainPlan]:
    """The plan with Gemma 3, if the folder has its rows."""
    second = json.loads(prompts_file.read_text(encoding="utf-8"))["second_model"]
    train, evaluation = _rows(data_folder, second["name"])
    if not train.is_file():
        return None
    return DomainPlan(
        name=second["name"],
        tenant=second["tenant"],
        packs=second["packs"],
        audience=second["audience"],
        question=second["comparison"]["prompt"],
        screening=[],
        held=None,
        train=train,
        evaluation=evaluation,
        base=GEMMA3,
        chat_template=(prompts_file.parent / second["chat_template"]).read_text(encoding="utf-8"),
    )


def _rows(folder: Path, name: str) -> Tuple[Path, Path]:
    train, evaluation = folder / f"{name}.train.jsonl", folder / f"{name}.eval.jsonl"
    if train.is_file() and not evaluation.is_file():
        raise LauncherError(
            f"{evaluation} is missing.", "Held-out rows are needed to show the loss before and after; add the file."
        )
    return train, evaluation


def _one_per_outcome(screening: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    chosen: Dict[str, Dict[str, Any]] = {}
    for entry in screening:
        chosen.setdefault(entry["outcome"], entry)
    return list(chosen.values())

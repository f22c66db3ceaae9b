"""What the demo does for which tenant: prompts of the project, rows of any folder of the same layout."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional

from ..errors import LauncherError


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


def load_plans(prompts_file: Path, data_folder: Path) -> List[DomainPlan]:
    """One plan per domain that has a training file in the folder."""
    prompts = json.loads(prompts_file.read_text(encoding="utf-8"))["domains"]
    plans = []
    for name, domain in prompts.items():
        train, evaluation = data_folder / f"{name}.train.jsonl", data_folder / f"{name}.eval.jsonl"
        if not train.is_file():
            continue
        if not evaluation.is_file():
            raise LauncherError(
                f"{evaluation} is missing.", "Held-out rows are needed to show the loss before and after; add the file."
            )
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


def _one_per_outcome(screening: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    chosen: Dict[str, Dict[str, Any]] = {}
    for entry in screening:
        chosen.setdefault(entry["outcome"], entry)
    return list(chosen.values())

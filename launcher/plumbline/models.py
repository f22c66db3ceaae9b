"""Base models in the folder the application reads: each NAME.gguf there is the base model NAME."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterable, List

from . import pins
from .installation import Installation


def provide(installation: Installation, extra: Iterable[str] = ()) -> List[str]:
    """Puts SmolLM2 and the asked-for optional models into the models folder; answers the names found there.

    A folder somebody configured is theirs: nothing is written into it.
    """
    folder = installation.models
    if installation.configuration.given("PLUMBLINE_MODELS") is None:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = [pins.SMOLLM2, *(pins.OPTIONAL_MODELS[name] for name in extra)]
        # An optional model chosen once stays chosen.
        wanted += [m for m in pins.OPTIONAL_MODELS.values() if m not in wanted and os.path.lexists(folder / m.file)]
        for model in wanted:
            _link(installation.downloads.model(model), folder / model.file)
    return names(folder)


def names(folder: Path) -> List[str]:
    return sorted(file.stem for file in folder.glob("*.gguf")) if folder.is_dir() else []


def _link(cached: Path, place: Path) -> None:
    if place.is_symlink() and os.readlink(place) == str(cached):
        return
    if os.path.lexists(place):
        place.unlink()
    place.symlink_to(cached)

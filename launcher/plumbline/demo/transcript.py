"""The main job as a transcript: every line comes from an HTTP answer, nothing from the platform's own files."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from ..errors import LauncherError
from .api import Api
from .narrator import Narrator
from .plans import DomainPlan

TERMINAL_STATES = ("succeeded", "failed", "cancelled")
POLL_SECONDS = 1.0
LEARNING_RATE_MULTIPLIER = 4.0


# Without --rows the demo takes rows until this much text is reached, so that a large file does not take hours.
DEFAULT_BYTES = 60_000


@dataclass(frozen=True)
class TrainingOptions:
    """How much the demo trains; without ``max_rows``, as many rows as ``DEFAULT_BYTES`` holds."""

    epochs: int = 3
    max_rows: Optional[int] = None

    def choose(self, rows: List[bytes]) -> List[bytes]:
        if self.max_rows is not None:
            return rows[: self.max_rows]
        total, count = 0, 0
        while count < len(rows) and total + len(rows[count]) <= DEFAULT_BYTES:
            total += len(rows[count])
            count += 1
        return rows[: max(count, 1)]


@dataclass(frozen=True)
class TunedTenant:
    """A tenant after its job: its plan, the API with its key, and the deployed model."""

    plan: DomainPlan
    api: Api
    model: str


class TenantSection:
    """Runs the plan of a tenant and prints what happens."""

    def __init__(
        self,
        sign_in: Callable[[str], Api],
        url: str,
        options: TrainingOptions,
        narrator: Narrator,
    ):
        """``sign_in`` gives the API with the token of a user, ``url`` is the API's address."""
        self._sign_in = sign_in
        self._url = url
        self._options = options
        self._narrator = narrator
        self._say = narrator.say

    def run(self, plan: DomainPlan) -> TunedTenant:
        """The whole job for one tenant; answers what came of it."""
        self._narrator.title(f"{plan.tenant} ({plan.name})")
        api = self._with_api_key(plan)
        base = self._base_model(api, plan)
        training_file = self._upload(api, plan.train)
        held_out_file = self._upload(api, plan.evaluation)
        job = self._fine_tune(api, base, training_file, held_out_file, plan)
        model = job["fine_tuned_model"]
        self._deploy(api, model, plan)
        if plan.chat_template is not None:
            # Without a template the base could not be asked either.
            self._deploy(api, base, plan)
        self._compare(api, base, model, plan)
        for entry in plan.screening:
            self._screen(api, base if entry.get("model") == "base" else model, plan, entry)
        self._usage(api)
        return TunedTenant(plan, api, model)

    def _with_api_key(self, plan: DomainPlan) -> Api:
        admin = self._sign_in(f"admin@{plan.tenant}.example")
        scopes = [
            "models:read", "inference", "files:read", "files:write", "fine_tuning:read", "fine_tuning:write",
            "deployments:read", "deployments:write", "usage:read", "verdicts:read",
        ]
        key = admin.json("POST", "/api/v1/api-keys", {"name": "demo", "scopes": scopes, "expires_in_days": 1})
        self._say(f"API key {key['secret'][:12]}… for tenant {plan.tenant}, {len(scopes)} scopes, one day")
        return Api(self._url, key["secret"])

    def _base_model(self, api: Api, plan: DomainPlan) -> str:
        models = [m["id"] for m in api.json("GET", "/v1/models")["data"]]
        bases = [m for m in models if not m.startswith("ft:")]
        chosen = next((m for m in bases if m.startswith(plan.base)), None)
        if chosen is None:
            raise LauncherError(f"No base model {plan.base}… among {bases}.", "./plumbline up fetches it.")
        self._say(f"GET /v1/models → {', '.join(models)}")
        return chosen

    def _upload(self, api: Api, path: Path) -> str:
        lines = path.read_bytes().splitlines(keepends=True)
        rows = self._options.choose(lines)
        file = api.upload("/v1/files", {"purpose": "fine-tune"}, path.name, b"".join(rows))
        count = f"{len(rows)} rows" if len(rows) == len(lines) else f"first {len(rows)} of {len(lines)} rows"
        self._say(f"POST /v1/files {path.name} → {file['id']}: {count}, {file['bytes']} bytes, validated and screened")
        return file["id"]

    def _fine_tune(
        self, api: Api, base: str, training_file: str, held_out_file: str, plan: DomainPlan
    ) -> Dict[str, Any]:
        order: Dict[str, Any] = {
            "model": base,
            "training_file": training_file,
            "validation_file": held_out_file,
            "suffix": plan.name,
            "seed": 1,
            "hyperparameters": {
                "n_epochs": self._options.epochs,
                # Few rows, few steps: a small model takes a high rate well.
                "learning_rate_multiplier": LEARNING_RATE_MULTIPLIER,
            },
        }
        if plan.chat_template is not None:
            order["plumbline"] = {"chat_template": plan.chat_template}
        job = api.json("POST", "/v1/fine_tuning/jobs", order)
        self._say(f"POST /v1/fine_tuning/jobs → {job['id']} ({self._options.epochs} epochs, LoRA)")
        begun = time.monotonic()
        job = self._follow(api, job["id"])
        if job["status"] != "succeeded":
            message = (job.get("error") or {}).get("message", "no reason given")
            raise LauncherError(f"job {job['id']} ended as {job['status']}: {message}")
        seconds = time.monotonic() - begun
        tokens = job["trained_tokens"]
        self._say(f"trained {tokens} tokens in {seconds:.0f} s, queue and evaluation included → {job['fine_tuned_model']}")
        return job

    def _follow(self, api: Api, job_id: str) -> Dict[str, Any]:
        """Prints held-out losses and some of the steps until the job ends."""
        seen, held_out = set(), []
        while True:
            job = api.json("GET", f"/v1/fine_tuning/jobs/{job_id}")
            for event in self._new_events(api, job_id, seen):
                data = event.get("data") or {}
                if "valid_loss" in data:
                    held_out.append(data["valid_loss"])
                    self._say(f"  held-out loss after step {data['step']}: {data['valid_loss']:.4f}")
                elif "train_loss" in data and data["step"] % 10 == 0:
                    speed = data.get("tokens_per_second")
                    self._say(
                        f"  step {data['step']:>4} of {data.get('total_steps', '?')}: loss {data['train_loss']:.4f}"
                        + (f", {speed:.0f} tokens/s" if speed else "")
                    )
            if job["status"] in TERMINAL_STATES:
                if len(held_out) >= 2:
                    self._say(f"  held-out loss {held_out[0]:.4f} before → {held_out[-1]:.4f} after")
                return job
            time.sleep(POLL_SECONDS)

    @staticmethod
    def _new_events(api: Api, job_id: str, seen: set) -> List[Dict[str, Any]]:
        """Events not printed yet, oldest first; the API lists the newest first, page by page."""
        fresh: List[Dict[str, Any]] = []
        after = ""
        while True:
            page = api.json("GET", f"/v1/fine_tuning/jobs/{job_id}/events?limit=100{after}")
            unseen = [event for event in page["data"] if event["id"] not in seen]
            fresh.extend(unseen)
            seen.update(event["id"] for event in unseen)
            if not page.get("has_more") or len(unseen) < len(page["data"]):
                return list(reversed(fresh))
            after = "&after=" + page["data"][-1]["id"]

    def _deploy(self, api: Api, model: str, plan: DomainPlan) -> None:
        begun = time.monotonic()
        body: Dict[str, Any] = {"model": model, "audience": plan.audience, "packs": plan.packs}
        if plan.chat_template is not None:
            body["chat_template"] = plan.chat_template
        deployment = api.json("POST", "/api/v1/deployments", body)
        while deployment["state"] == "pending":
            time.sleep(0.2)
            deployment = api.json("GET", f"/api/v1/deployments/{deployment['id']}")
        if deployment["state"] != "live":
            raise LauncherError(f"deployment {deployment['id']} is {deployment['state']}: {deployment.get('error')}")
        self._say(
            f"POST /api/v1/deployments → {deployment['id']} live after {time.monotonic() - begun:.1f} s, "
            f"no restart; audience {plan.audience}, packs {', '.join(plan.packs)}"
            + (", the tenant's own chat template" if plan.chat_template is not None else "")
        )

    def _compare(self, api: Api, base: str, model: str, plan: DomainPlan) -> None:
        messages = conversation(plan, plan.question)
        self._say(f"question: {plan.question}")
        for label, name in (("base ", base), ("tuned", model)):
            self._say(f"  {label}: {self._answer(api, name, messages).line}")

    def _screen(self, api: Api, model: str, plan: DomainPlan, entry: Dict[str, Any]) -> None:
        self._say(f"{entry['outcome']} by {entry['rule']} ({entry['stage']}): {entry['prompt']}")
        system = [] if entry.get("model") == "base" else conversation(plan, "")[:-1]
        answer = self._answer(api, model, [*system, {"role": "user", "content": entry["prompt"]}])
        self._say(f"  → {answer.line}")
        self._say(f"  rules that fired: {', '.join(self._rules(api, answer)) or 'none'}")

    @staticmethod
    def _rules(api: Api, answer: "Answer") -> List[str]:
        """Rules in the verdict record of that answer, in the order in which they fired."""
        verdicts = api.json("GET", "/api/v1/verdicts?limit=100")["data"]
        fired = [f"{v['rule']} ({v['stage']}, {v['action']})" for v in verdicts if v["subject_id"] == answer.subject]
        return list(dict.fromkeys(reversed(fired)))

    def _answer(self, api: Api, model: str, messages: List[Dict[str, str]]) -> "Answer":
        begun, first, text, finish, subject = time.monotonic(), None, "", None, ""
        body = {
            "model": model, "messages": messages, "temperature": 0, "max_tokens": 80, "stream": True,
            "stream_options": {"include_usage": True},
        }
        usage: Dict[str, Any] = {}
        for chunk in api.stream("/v1/chat/completions", body):
            subject = chunk.get("id") or subject
            usage = chunk.get("usage") or usage
            for choice in chunk.get("choices", []):
                delta = choice.get("delta") or {}
                piece = delta.get("content") or delta.get("refusal") or ""
                if piece and first is None:
                    first = time.monotonic() - begun
                text += piece
                finish = choice.get("finish_reason") or finish
        seconds = time.monotonic() - begun
        return Answer(text.strip(), finish, usage.get("completion_tokens", 0), first, seconds, subject)

    def _usage(self, api: Api) -> None:
        usage = api.json("GET", "/api/v1/usage")
        for row in usage.get("data", []):
            facts = ", ".join(f"{name} {value}" for name, value in row.items() if not isinstance(value, (dict, list)))
            self._say(f"usage: {facts}")


@dataclass(frozen=True)
class Answer:
    """One streamed answer with its timings."""

    text: str
    finish: Optional[str]
    tokens: int
    first_seconds: Optional[float]
    seconds: float
    subject: str

    @property
    def line(self) -> str:
        first = f"first text {self.first_seconds:.2f} s, " if self.first_seconds is not None else ""
        one_line = " ".join(self.text.split())
        return f"{one_line}  [{self.finish}; {first}{self.tokens} tokens, {self.seconds:.2f} s]"


def conversation(plan: DomainPlan, question: str) -> List[Dict[str, str]]:
    """The question under the system message that the training rows begin with."""
    first = json.loads(plan.train.read_text(encoding="utf-8").splitlines()[0])["messages"][0]
    system = [first] if first["role"] == "system" else []
    return [*system, {"role": "user", "content": question}]

"""The demo's held answer: a rule parks it, a reviewer releases it in other words, the decision is proved offline."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict

from ..errors import LauncherError
from .api import Api
from .narrator import Narrator
from .transcript import TunedTenant, conversation

REVIEWER = "reviewer@plumbline.example"
_PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.5


class HeldAnswerSection:
    """From the question to the proof; each step is one HTTP call of the person who would make it."""

    def __init__(
        self,
        sign_in: Callable[[str], Api],
        verify: Callable[[Path, Path], str],
        narrator: Narrator,
    ):
        """``sign_in`` gives the API with a user's token; ``verify`` answers what verify-audit says to a proof and a key."""
        self._sign_in = sign_in
        self._verify = verify
        self._narrator = narrator
        self._say = narrator.say

    def run(self, tenant: TunedTenant) -> None:
        plan = tenant.plan.held
        if plan is None:
            return
        self._narrator.title(f"a held answer of {tenant.plan.tenant}")
        answer, case = self._ask(tenant, plan["prompt"])
        self._decide(case, plan["release"])
        self._read(tenant.api, answer)
        self._prove(self._sign_in(f"auditor@{tenant.plan.tenant}.example"), case)

    def _ask(self, tenant: TunedTenant, question: str) -> tuple:
        body = {"model": tenant.model, "messages": conversation(tenant.plan, question), "temperature": 0, "max_tokens": 80}
        self._say(f"question: {question}")
        answer, headers = tenant.api.exchange("POST", "/v1/chat/completions", body)
        case = headers.get("x-plumbline-case")
        choice = answer["choices"][0]
        if not case:
            raise LauncherError(f"The answer was not held but ended with {choice['finish_reason']}.")
        self._say(f"  → 200, finish_reason {choice['finish_reason']}, x-plumbline-case {case}")
        self._say(f"  the caller reads: {_told(choice)}")
        return answer["id"], case

    def _decide(self, case_id: str, release: str) -> None:
        reviewer = self._sign_in(REVIEWER)
        waiting = [case["id"] for case in reviewer.json("GET", "/api/v1/review/cases?limit=100")["data"]]
        if case_id not in waiting:
            raise LauncherError(f"{case_id} is not among the {len(waiting)} cases that {REVIEWER} sees.")
        case = reviewer.json("POST", f"/api/v1/review/cases/{case_id}/claim")
        token = case["lease"]["token"]
        self._say(f"{REVIEWER} finds {case_id} in the queue and claims it (fencing token {token})")
        for finding in case["findings"]:
            if finding["holds"]:
                basis = "; ".join(f"{each['instrument']} {each['clause']}".strip() for each in finding["basis"])
                self._say(f"  held by {finding['rule']} ({finding['stage']}): {finding['title']['en']}. Basis: {basis}")
        for choice in case["choices"]:
            self._say(f"  the model wrote: {_one_line(choice['generated'])}")
        decision = {"token": token, "decision": "edit", "texts": [{"index": 0, "text": release}]}
        decided = reviewer.json("POST", f"/api/v1/review/cases/{case_id}/decision", decision)
        self._say(f"  POST …/decision: approved with an edit → the case is {decided['state']}")

    def _read(self, caller: Api, answer_id: str) -> None:
        choice = caller.json("GET", f"/v1/chat/completions/{answer_id}")["choices"][0]
        self._say(f"the caller: GET /v1/chat/completions/{answer_id}")
        self._say(f"  → {_told(choice)}  [{choice['finish_reason']}]")

    def _prove(self, auditor: Api, case_id: str) -> None:
        entry, proof = self._entry_with_proof(auditor, case_id)
        digests = ", ".join(f"{name} {value[:12]}…" for name, value in entry["digests"].items()) or "none"
        self._say(
            f"audit log, entry {entry['index']}: {entry['type']} by {entry['actor']}, target {entry['target']}, digests: {digests}"
        )
        with tempfile.TemporaryDirectory(prefix="plumbline-proof-") as folder:
            proof_file, key_file = Path(folder, "proof.json"), Path(folder, "keys.json")
            proof_file.write_text(json.dumps(proof), encoding="utf-8")
            key_file.write_text(json.dumps(auditor.json("GET", "/api/v1/audit/keys")), encoding="utf-8")
            self._say("./plumbline verify-audit --key keys.json proof.json (offline)")
            for line in self._verify(proof_file, key_file).replace(f"{folder}/", "").splitlines():
                self._say(f"  {line.strip()}")

    @staticmethod
    def _entry_with_proof(auditor: Api, case_id: str) -> tuple:
        """The decision's entry: the log is sequenced and signed within moments, not within the decision itself."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        query = f"/api/v1/audit/entries?type=case.decided&target={case_id}"
        while time.monotonic() < deadline:
            found = auditor.json("GET", query)["data"]
            if found:
                return found[0], auditor.json("GET", f"/api/v1/audit/entries/{found[0]['index']}/proof")
            time.sleep(_POLL_SECONDS)
        raise LauncherError(f"The decision on {case_id} is not in the audit log after {_PATIENCE_SECONDS:.0f} s.")


def _told(choice: Dict[str, Any]) -> str:
    message = choice["message"]
    return _one_line(message.get("content") or message.get("refusal") or "")


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""The official Python client, unmodified, against every OpenAI-compatible route of a running platform."""

import json
import os
import time
import typing
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import openai
import pydantic

URL = os.environ["PLUMBLINE_URL"].rstrip("/")
API = URL + "/v1"
DATA = Path(__file__).resolve().parents[3] / "demo" / "data" / "medical.train.jsonl"
ROWS = 24
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def api_key(user, scopes=None):
    """A new key made with a token of that user, through the public API."""
    form = {
        "client_id": "plumbline-cli",
        "grant_type": "password",
        "username": user,
        "password": os.environ["PLUMBLINE_DEMO_PASSWORD"],
        "scope": "openid",
    }
    token = _json(
        os.environ["PLUMBLINE_OIDC_URL"] + "/protocol/openid-connect/token",
        data=urllib.parse.urlencode(form).encode(),
    )["access_token"]
    if scopes is None:
        # Deciding held answers and naming members is for signed-in people; no key can have it.
        personal = ("reviews:", "members:")
        scopes = [scope for scope in _json(URL + "/api/v1/me", token)["scopes"] if not scope.startswith(personal)]
    body = json.dumps({"name": "sdk test", "scopes": scopes, "expires_in_days": 1}).encode()
    return _json(URL + "/api/v1/api-keys", token, body)["secret"]


def _json(url, token=None, data=None):
    request = urllib.request.Request(url, data=data)
    if token:
        request.add_header("Authorization", "Bearer " + token)
        request.add_header("Content-Type", "application/json")
    with _DIRECT.open(request, timeout=60) as answer:
        return json.load(answer)


def client(key):
    return openai.OpenAI(base_url=API, api_key=key, max_retries=0, timeout=300)


def sample_rows(count):
    return b"".join(DATA.read_bytes().splitlines(keepends=True)[:count])


class WithClients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.a = client(api_key("admin@hospital.example"))
        cls.b = client(api_key("admin@broker.example"))
        cls.base = next(m.id for m in cls.a.models.list() if not m.id.startswith("ft:"))


class ModelsTest(WithClients):
    def test_lists_and_retrieves(self):
        model = self.a.models.retrieve(self.base)
        self.assertEqual(self.base, model.id)
        self.assertEqual("model", model.object)

    def test_unknown_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.a.models.retrieve("no-such-model")
        self.assertIn("no-such-model", str(caught.exception))

    def test_wrong_key_is_refused(self):
        with self.assertRaises(openai.AuthenticationError):
            openai.OpenAI(base_url=API, api_key="pl-hospital-wrong", max_retries=0).models.list()


class ChatTest(WithClients):
    MESSAGES = [{"role": "user", "content": "Name the capital of France."}]

    def test_answers(self):
        answer = self.a.chat.completions.create(
            model=self.base, messages=self.MESSAGES, max_tokens=12, temperature=0, logprobs=True, top_logprobs=2
        )
        self.assertEqual("chat.completion", answer.object)
        self.assertIn(answer.choices[0].finish_reason, ("stop", "length"))
        self.assertTrue(answer.choices[0].message.content)
        self.assertGreater(answer.usage.prompt_tokens, 5)
        self.assertLessEqual(answer.usage.completion_tokens, 12)
        self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)

    def test_a_seed_reproduces_the_answer(self):
        def ask():
            return self.a.chat.completions.create(
                model=self.base, messages=self.MESSAGES, max_tokens=16, temperature=1.0, seed=7
            ).choices[0].message.content

        self.assertEqual(ask(), ask())

    def test_streams_the_same_text_with_usage_at_the_end(self):
        whole = self.a.chat.completions.create(
            model=self.base, messages=self.MESSAGES, max_tokens=16, temperature=0
        ).choices[0].message.content
        text, usage, finish = "", None, None
        with self.a.chat.completions.create(
            model=self.base,
            messages=self.MESSAGES,
            max_tokens=16,
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        ) as stream:
            for chunk in stream:
                usage = chunk.usage or usage
                for choice in chunk.choices:
                    text += choice.delta.content or ""
                    finish = choice.finish_reason or finish
        self.assertEqual(whole, text)
        self.assertIsNotNone(usage)
        self.assertIn(finish, ("stop", "length"))

    def test_a_stored_answer_is_read_back_by_its_tenant_only(self):
        answer = self.a.chat.completions.create(
            model=self.base, messages=self.MESSAGES, max_tokens=8, temperature=0, store=True
        )
        again = self.a.chat.completions.retrieve(answer.id)
        self.assertEqual(answer.choices[0].message.content, again.choices[0].message.content)
        with self.assertRaises(openai.NotFoundError):
            self.b.chat.completions.retrieve(answer.id)

    def test_tiers(self):
        def ask(tier):
            return self.a.chat.completions.create(
                model=self.base, messages=self.MESSAGES, max_tokens=4, temperature=0, service_tier=tier
            ).service_tier

        self.assertEqual("flex", ask("flex"))
        self.assertEqual("default", ask("auto"))
        self.assertEqual("default", ask("priority"))

    def test_unknown_model(self):
        with self.assertRaises(openai.NotFoundError):
            self.a.chat.completions.create(model="no-such-model", messages=self.MESSAGES)

    def test_value_out_of_range_names_the_parameter(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            self.a.chat.completions.create(model=self.base, messages=self.MESSAGES, temperature=-1)
        self.assertEqual("temperature", caught.exception.param)

    def test_missing_scope_is_forbidden(self):
        with self.assertRaises(openai.PermissionDeniedError):
            client(api_key("admin@hospital.example", ["models:read"])).chat.completions.create(model=self.base, messages=self.MESSAGES)


class Person(pydantic.BaseModel):
    """What a caller of the client's own parse() would write."""

    name: str = pydantic.Field(max_length=30)
    age: int
    skills: list[typing.Annotated[str, pydantic.Field(max_length=20)]] = pydantic.Field(max_length=2)
    level: typing.Literal["junior", "senior"]


class StructuredOutputsTest(WithClients):
    QUESTION = [{"role": "user", "content": "Ada is 36, a senior who knows mathematics. Describe her."}]
    TOOLS = [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "Weather of a city",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string", "maxLength": 30}, "days": {"type": "integer", "maximum": 9}},
                    "required": ["city", "days"],
                    "additionalProperties": False,
                },
                "strict": True,
            },
        }
    ]

    def _ask(self, **more):
        return self.a.chat.completions.create(
            **{"model": self.base, "messages": self.QUESTION, "max_tokens": 200, "temperature": 0, **more}
        )

    def test_the_clients_own_parse(self):
        # Hot enough that nothing but the form holds the answer to it.
        for seed in range(3):
            answer = self.a.chat.completions.parse(
                model=self.base, messages=self.QUESTION, response_format=Person, seed=seed, temperature=1.5, max_tokens=400
            )
            person = answer.choices[0].message.parsed
            self.assertIsInstance(person, Person)
            self.assertLessEqual(len(person.skills), 2)

    def test_json_mode(self):
        choice = self._ask(response_format={"type": "json_object"}, max_tokens=1000, temperature=0.7, seed=1).choices[0]
        if choice.finish_reason == "stop":
            self.assertIsInstance(json.loads(choice.message.content), dict)
        else:
            self.assertTrue(choice.message.content.startswith("{"))

    def test_expression_and_choice(self):
        said = self._ask(extra_body={"structured_outputs": {"regex": "[A-Z]{2}-[0-9]{3}"}}).choices[0].message.content
        self.assertRegex(said, "^[A-Z]{2}-[0-9]{3}$")
        said = self._ask(extra_body={"structured_outputs": {"choice": ["yes", "no"]}}).choices[0].message.content
        self.assertIn(said, ("yes", "no"))

    def test_what_cannot_be_guaranteed_is_refused_by_name(self):
        schema = {"name": "x", "strict": True, "schema": {"type": "object", "patternProperties": {}}}
        with self.assertRaises(openai.BadRequestError) as caught:
            self._ask(response_format={"type": "json_schema", "json_schema": schema})
        self.assertIn("'patternProperties' is not supported", str(caught.exception))

    def test_a_tool_is_called_and_its_result_sent_back(self):
        answer = self._ask(tools=self.TOOLS, tool_choice="required", parallel_tool_calls=False)
        self.assertEqual("tool_calls", answer.choices[0].finish_reason)
        message = answer.choices[0].message
        call = message.tool_calls[0]
        self.assertEqual("get_weather", call.function.name)
        self.assertEqual({"city", "days"}, set(json.loads(call.function.arguments)))
        again = self._ask(
            messages=[
                *self.QUESTION,
                message.model_dump(exclude_none=True),
                {"role": "tool", "tool_call_id": call.id, "content": "Rain."},
            ],
            tools=self.TOOLS,
            tool_choice="none",
            max_tokens=8,
        )
        self.assertTrue(again.choices[0].message.content)

    def test_calls_are_streamed(self):
        choice = {"type": "function", "function": {"name": "get_weather"}}
        whole = self._ask(tools=self.TOOLS, tool_choice=choice).choices[0].message.tool_calls[0].function
        name, arguments, finish = "", "", None
        with self._ask(tools=self.TOOLS, tool_choice=choice, stream=True) as stream:
            for chunk in stream:
                for part in chunk.choices:
                    for call in part.delta.tool_calls or []:
                        name += call.function.name or ""
                        arguments += call.function.arguments or ""
                    finish = part.finish_reason or finish
        self.assertEqual((whole.name, whole.arguments, "tool_calls"), (name, arguments, finish))

    def test_auto_answers_or_calls(self):
        choice = self._ask(tools=self.TOOLS).choices[0]
        self.assertIn(choice.finish_reason, ("stop", "length", "tool_calls"))
        for call in choice.message.tool_calls or []:
            self.assertEqual("get_weather", call.function.name)


class LabelledAnswersTest(WithClients):
    """Under a rule that labels every answer: what a program reads is still what it asked for, and the label is beside it."""

    LABEL = "AI-generated"
    QUESTION = StructuredOutputsTest.QUESTION

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.a.get(URL + "/api/v1/screening-policy", cast_to=object)
        cls._choose([*cls.policy["packs"], "LBL-001"])

    @classmethod
    def tearDownClass(cls):
        cls._choose(cls.policy["packs"])

    @classmethod
    def _choose(cls, packs):
        body = {"packs": packs, "audience": cls.policy["audience"]}
        cls.a.put(URL + "/api/v1/screening-policy", body=body, cast_to=object)

    def _ask(self, **more):
        asked = {"model": self.base, "messages": self.QUESTION, "max_tokens": 200, "temperature": 0, **more}
        return self.a.chat.completions.with_raw_response.create(**asked)

    def _label(self, choice):
        notices = choice.model_extra["plumbline"]["notices"]
        self.assertEqual(["LBL-001@1"], [notice["rule"] for notice in notices])
        self.assertIn(self.LABEL, notices[0]["text"])

    def test_prose_has_the_label_in_its_text(self):
        choice = self._ask(max_tokens=12).parse().choices[0]
        self.assertIn(self.LABEL, choice.message.content)
        self.assertNotIn("plumbline", choice.model_extra)

    def test_the_clients_own_parse(self):
        answer = self.a.chat.completions.parse(
            model=self.base, messages=self.QUESTION, response_format=Person, seed=1, temperature=1.5, max_tokens=400
        )
        self.assertIsInstance(answer.choices[0].message.parsed, Person)
        self._label(answer.choices[0])

    def test_the_clients_own_stream(self):
        labelled = []
        with self.a.chat.completions.stream(
            model=self.base, messages=self.QUESTION, response_format=Person, seed=1, temperature=1.5, max_tokens=400
        ) as stream:
            for event in stream:
                if event.type == "chunk":
                    labelled += [choice for choice in event.chunk.choices if "plumbline" in choice.model_extra]
            person = stream.get_final_completion().choices[0].message.parsed
        self.assertIsInstance(person, Person)
        self.assertEqual(1, len(labelled))
        self._label(labelled[0])

    def test_choices_expressions_and_headers(self):
        forms = {"choice": (["yes", "no"], "^(yes|no)$"), "regex": ("[A-Z]{2}-[0-9]{3}", "^[A-Z]{2}-[0-9]{3}$")}
        for kind, (form, expected) in forms.items():
            raw = self._ask(extra_body={"structured_outputs": {kind: form}})
            self.assertEqual("ai-generated", raw.headers["x-plumbline-label"])
            self.assertEqual("LBL-001@1", raw.headers["x-plumbline-notices"])
            choice = raw.parse().choices[0]
            self.assertRegex(choice.message.content, expected)
            self._label(choice)

    def test_calls_of_tools(self):
        raw = self._ask(tools=StructuredOutputsTest.TOOLS, tool_choice="required", parallel_tool_calls=False)
        choice = raw.parse().choices[0]
        self.assertIsNone(choice.message.content)
        self.assertEqual({"city", "days"}, set(json.loads(choice.message.tool_calls[0].function.arguments)))
        self._label(choice)


class EmbeddingsTest(WithClients):
    MODEL = "bge-small-zh-v1.5"

    def test_the_default_request_which_asks_for_base64(self):
        answer = self.a.embeddings.create(model=self.MODEL, input=["轴承温度过高", "主轴轴承发热", "基金定投"])
        self.assertEqual([0, 1, 2], [e.index for e in answer.data])
        bearing, spindle, fund = (e.embedding for e in answer.data)
        self.assertEqual(512, len(bearing))
        self.assertIsInstance(bearing[0], float)
        self.assertAlmostEqual(1, _dot(bearing, bearing), places=5)
        self.assertGreater(_dot(bearing, spindle), _dot(bearing, fund) + 0.2)
        self.assertEqual(answer.usage.prompt_tokens, answer.usage.total_tokens)

    def test_numbers_are_the_same_as_base64_and_alone_as_in_a_batch(self):
        def ask(texts, **more):
            return self.a.embeddings.create(model=self.MODEL, input=texts, **more).data[0].embedding

        batch = ask(["轴承", "一段长得多的文字，" * 20])
        self.assertEqual(batch, ask("轴承"))
        for packed, plain in zip(batch, ask("轴承", encoding_format="float")):
            self.assertAlmostEqual(packed, plain, places=7)

    def test_what_cannot_be_embedded_is_named(self):
        for wrong in (["好", ""], ["好", "好" * 600], ["好", [1, 2]]):
            with self.assertRaises(openai.BadRequestError) as caught:
                self.a.embeddings.create(model=self.MODEL, input=wrong)
            self.assertEqual("input[1]", caught.exception.param)
        with self.assertRaises(openai.NotFoundError):
            self.a.embeddings.create(model="no-such-model", input="好")
        with self.assertRaises(openai.BadRequestError):
            self.a.embeddings.create(model=self.MODEL, input="好", dimensions=256)

    def test_missing_scope_is_forbidden(self):
        with self.assertRaises(openai.PermissionDeniedError):
            client(api_key("admin@hospital.example", ["models:read"])).embeddings.create(model=self.MODEL, input="好")


def _dot(a, b):
    return sum(x * y for x, y in zip(a, b))


class ModerationsTest(WithClients):
    LEAK = "The key is AKIA" + "Z7QK3M5TRW2XNB4D, keep it."

    def test_flags_what_breaks_a_rule_and_names_it(self):
        answer = self.a.moderations.create(model="omni-moderation-latest", input=["Good morning.", self.LEAK])
        clean, leak = answer.results
        self.assertFalse(clean.flagged)
        self.assertTrue(leak.flagged)
        self.assertFalse(leak.categories.violence)
        self.assertFalse(leak.categories.self_harm_instructions)
        self.assertEqual(0, leak.category_scores.hate_threatening)
        self.assertEqual([], leak.category_applied_input_types.sexual_minors)
        self.assertTrue(leak.categories.model_extra["plumbline/security"])
        rules = [v["rule"] for v in leak.model_extra["plumbline"]["verdicts"] if v["flags"]]
        self.assertTrue(any(rule.startswith("SEC-012@") for rule in rules), rules)

    def test_parts_are_one_input(self):
        answer = self.a.moderations.create(
            input=[{"type": "text", "text": "Good morning."}, {"type": "text", "text": self.LEAK}]
        )
        self.assertEqual([True], [r.flagged for r in answer.results])

    def test_images_are_refused_clearly(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            self.a.moderations.create(
                input=[{"type": "image_url", "image_url": {"url": "https://example.com/picture.png"}}]
            )
        self.assertIn("images", str(caught.exception))

    def test_missing_scope_is_forbidden(self):
        with self.assertRaises(openai.PermissionDeniedError):
            client(api_key("admin@hospital.example", ["models:read"])).moderations.create(input="x")


class FilesTest(WithClients):
    def test_uploads_lists_reads_and_deletes(self):
        content = sample_rows(3)
        file = self.a.files.create(file=("rows.jsonl", content), purpose="fine-tune")
        self.assertEqual(len(content), file.bytes)
        self.assertEqual(file.id, self.a.files.retrieve(file.id).id)
        self.assertIn(file.id, [f.id for f in self.a.files.list()])
        self.assertEqual(content, self.a.files.content(file.id).read())
        with self.assertRaises(openai.NotFoundError):
            self.b.files.retrieve(file.id)
        with self.assertRaises(openai.NotFoundError):
            self.b.files.delete(file.id)
        self.assertTrue(self.a.files.delete(file.id).deleted)
        with self.assertRaises(openai.NotFoundError):
            self.a.files.retrieve(file.id)

    def test_broken_lines_are_named_and_nothing_is_stored(self):
        before = {f.id for f in self.a.files.list()}
        broken = sample_rows(1) + b'{"messages": [{"role": "user", "content": 7}]}\nnot json\n'
        with self.assertRaises(openai.BadRequestError) as caught:
            self.a.files.create(file=("broken.jsonl", broken), purpose="fine-tune")
        self.assertIn("2", str(caught.exception))
        self.assertIn("3", str(caught.exception))
        self.assertEqual(before, {f.id for f in self.a.files.list()})


class FineTuningTest(WithClients):
    def test_a_job_runs_to_the_end_and_its_model_answers(self):
        file = self.a.files.create(file=("rows.jsonl", sample_rows(ROWS)), purpose="fine-tune")
        job = self.a.fine_tuning.jobs.create(
            model=self.base, training_file=file.id, suffix="sdk", seed=1, hyperparameters={"n_epochs": 1}
        )
        self.assertIn(job.status, ("validating_files", "queued", "running"))
        with self.assertRaises(openai.NotFoundError):
            self.b.fine_tuning.jobs.retrieve(job.id)
        job = self._wait(job.id)
        self.assertEqual("succeeded", job.status, job.error)
        self.assertTrue(job.fine_tuned_model.startswith("ft:"))
        self.assertGreater(job.trained_tokens, 0)
        self.assertIn(job.id, [j.id for j in self.a.fine_tuning.jobs.list()])
        self.assertTrue([e for e in self.a.fine_tuning.jobs.list_events(job.id)])
        self.assertTrue([c for c in self.a.fine_tuning.jobs.checkpoints.list(job.id)])
        self._deploy_and_ask(job.fine_tuned_model)

    def test_cancel(self):
        file = self.a.files.create(file=("rows.jsonl", sample_rows(ROWS)), purpose="fine-tune")
        job = self.a.fine_tuning.jobs.create(
            model=self.base, training_file=file.id, hyperparameters={"n_epochs": 40}
        )
        self.a.fine_tuning.jobs.cancel(job.id)
        self.assertEqual("cancelled", self._wait(job.id).status)

    def test_foreign_file_is_not_found(self):
        file = self.b.files.create(file=("rows.jsonl", sample_rows(2)), purpose="fine-tune")
        with self.assertRaises(openai.APIStatusError) as caught:
            self.a.fine_tuning.jobs.create(model=self.base, training_file=file.id)
        self.assertIn(caught.exception.status_code, (400, 404))

    def _wait(self, job_id):
        for _ in range(600):
            job = self.a.fine_tuning.jobs.retrieve(job_id)
            if job.status in ("succeeded", "failed", "cancelled"):
                return job
            time.sleep(0.5)
        self.fail(f"job {job_id} did not end")

    def _deploy_and_ask(self, model):
        deployment = self.a.post(URL + "/api/v1/deployments", body={"model": model}, cast_to=object)
        for _ in range(100):
            if deployment["state"] != "pending":
                break
            time.sleep(0.2)
            deployment = self.a.get(f"{URL}/api/v1/deployments/{deployment['id']}", cast_to=object)
        self.assertEqual("live", deployment["state"], deployment)
        answer = self.a.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "Which desk helps me?"}], max_tokens=8, temperature=0
        )
        self.assertEqual(model, answer.model)
        with self.assertRaises(openai.NotFoundError):
            self.b.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hello"}])
        with self.assertRaises(openai.NotFoundError):
            self.b.models.retrieve(model)


if __name__ == "__main__":
    unittest.main()

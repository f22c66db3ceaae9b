"""llama.cpp through its C interface, driven by one JSON object a line; runs in the peer's own Python (see ``peer.py``).

Commands (``do``): ``load`` a model, ``prefill`` a prompt, ``decode`` streams, make ``adapters``, ``decode_adapters``.
Every answer is one JSON object on a line: the result, or ``{"error": …}``. Only sums of whole steps are timed.
"""

import ctypes
import json
import os
import sys
import tempfile
import time

import llama_cpp

_LINEAR = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
_DEVIATION = 0.01


class Session:
    """One model with one context."""

    def __init__(self, model: str, threads: int, context: int, sequences: int) -> None:
        self._path = model
        self._model = llama_cpp.llama_model_load_from_file(model.encode(), llama_cpp.llama_model_default_params())
        if not self._model:
            raise ValueError(f"{model} cannot be loaded")
        params = llama_cpp.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = context, 2048, 512
        params.n_threads = params.n_threads_batch = threads
        params.n_seq_max = sequences
        params.kv_unified = True
        self._context = llama_cpp.llama_init_from_model(self._model, params)
        if not self._context:
            raise ValueError("no context could be made; is there enough memory?")
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self._model))
        self._adapters = []
        # llama.cpp keeps mapped files open, so the folder lives as long as the process.
        self._folder = tempfile.TemporaryDirectory(prefix="plumbline-bench-")

    def prefill(self, tokens: int) -> float:
        self._clear()
        batch = [(self._token(i), i, 0, i == tokens - 1) for i in range(tokens)]
        begin = time.perf_counter()
        self._run(batch)
        return tokens / (time.perf_counter() - begin)

    def decode(self, streams: int, start: int, tokens: int) -> float:
        self._clear()
        self._run([(self._token(s + p), p, s, p == start - 1) for s in range(streams) for p in range(start)])
        begin = time.perf_counter()
        for step in range(tokens):
            self._run([(self._token(31 * step + s), start + step, s, True) for s in range(streams)])
        return streams * tokens / (time.perf_counter() - begin)

    def make_adapters(self, count: int, rank: int) -> None:
        """Writes adapters with random factors for every linear layer and loads them."""
        import gguf
        import numpy

        source = gguf.GGUFReader(self._path)
        architecture = source.fields["general.architecture"].contents()
        random = numpy.random.default_rng(0)
        for number in range(count):
            file = os.path.join(self._folder.name, f"{number}.gguf")
            writer = gguf.GGUFWriter(file, architecture)
            writer.add_string("general.type", "adapter")
            writer.add_string("adapter.type", "lora")
            writer.add_float32("adapter.lora.alpha", 2.0 * rank)
            for tensor in source.tensors:
                parts = tensor.name.split(".")
                if parts[0] == "blk" and parts[2] in _LINEAR and parts[-1] == "weight":
                    columns, rows = int(tensor.shape[0]), int(tensor.shape[1])
                    for name, shape in (("lora_a", (rank, columns)), ("lora_b", (rows, rank))):
                        values = (random.standard_normal(shape) * _DEVIATION).astype(numpy.float32)
                        writer.add_tensor(f"{tensor.name}.{name}", values)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
            writer.close()
            adapter = llama_cpp.llama_adapter_lora_init(self._model, file.encode())
            if not adapter:
                raise ValueError("llama.cpp refused the adapter")
            self._adapters.append(adapter)

    def decode_adapters(self, start: int, tokens: int) -> float:
        """A stream for each adapter; one batch cannot mix adapters, so each step switches between them."""
        self._clear()
        for stream, adapter in enumerate(self._adapters):
            self._use(adapter)
            self._run([(self._token(stream + p), p, stream, p == start - 1) for p in range(start)])
        begin = time.perf_counter()
        for step in range(tokens):
            for stream, adapter in enumerate(self._adapters):
                self._use(adapter)
                self._run([(self._token(31 * step + stream), start + step, stream, True)])
        rate = len(self._adapters) * tokens / (time.perf_counter() - begin)
        self._use(None)
        return rate

    def _token(self, number: int) -> int:
        return number * 7919 % (self._vocabulary - 10) + 5

    def _clear(self) -> None:
        llama_cpp.llama_memory_clear(self._memory, True)

    def _use(self, adapter) -> None:
        if hasattr(llama_cpp, "llama_set_adapters_lora"):
            chosen = [] if adapter is None else [adapter]
            handles = (type(self._adapters[0]) * len(chosen))(*chosen)
            llama_cpp.llama_set_adapters_lora(self._context, handles, len(chosen), (ctypes.c_float * len(chosen))(*[1.0] * len(chosen)))
            return
        llama_cpp.llama_clear_adapter_lora(self._context)
        if adapter is not None:
            llama_cpp.llama_set_adapter_lora(self._context, adapter, 1.0)

    def _run(self, rows) -> None:
        """One batch of (token, position, sequence, whether logits are wanted)."""
        batch = llama_cpp.llama_batch_init(len(rows), 0, 1)
        for i, (token, position, sequence, logits) in enumerate(rows):
            batch.token[i], batch.pos[i] = token, position
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, sequence
            batch.logits[i] = 1 if logits else 0
        batch.n_tokens = len(rows)
        status = llama_cpp.llama_decode(self._context, batch)
        llama_cpp.llama_synchronize(self._context)
        llama_cpp.llama_batch_free(batch)
        if status:
            raise ValueError(f"llama_decode answered {status}")


def answer(session, command: dict):
    """The session to go on with, and the result."""
    verb = command.pop("do")
    if verb == "load":
        begin = time.perf_counter()
        session = Session(**command)
        session.decode(1, 15, 1)
        return session, {"seconds": time.perf_counter() - begin}
    if session is None:
        raise ValueError("nothing is loaded yet")
    if verb == "adapters":
        session.make_adapters(**command)
        return session, {}
    rates = {"prefill": session.prefill, "decode": session.decode, "decode_adapters": session.decode_adapters}
    return session, {"tokens_per_second": rates[verb](**command)}


def main() -> None:
    quiet = llama_cpp.llama_log_callback(lambda level, text, user: None)
    llama_cpp.llama_log_set(quiet, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    session = None
    for line in sys.stdin:
        try:
            session, result = answer(session, json.loads(line))
        except Exception as failed:  # whatever it is, the other side must hear of it and not wait for ever
            result = {"error": f"{type(failed).__name__}: {failed}"}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()

package io.plumbline.inference.bench;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.bench.TimedAnswer.Timed;
import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.engine.EngineRequest;
import io.plumbline.inference.engine.ServedModel;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.model.ModelConfig;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A model served as the platform serves it, through the engine with its default settings, and asked by a stopwatch. */
final class BenchModel implements AutoCloseable {
    private final ServedModel served;
    private final Facts facts;
    private final BenchPrompts prompts;

    /**
     * What the benchmark needs to know of a model file.
     *
     * @param file GGUF
     * @param plan what it computes
     * @param fileType {@code general.file_type} as llama.cpp numbers it; empty if the file does not say
     */
    record Facts(Path file, ModelPlan plan, Tokenizer tokenizer, OptionalLong fileType) {
        static Facts of(Path file) throws IOException {
            try (GgufFile gguf = GgufFile.open(file)) {
                return new Facts(
                        file,
                        ModelConfig.of(gguf).plan(),
                        GgufTokenizers.of(gguf.metadata()),
                        gguf.metadata().whole("general.file_type"));
            }
        }

        /** The file's name without its suffix. */
        String name() {
            return String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "");
        }
    }

    /**
     * One stream of a run.
     *
     * @param tenant who asks
     * @param prompt tokens
     * @param adapter a loaded adapter, or empty
     */
    record Stream(TenantId tenant, int[] prompt, Optional<AdapterId> adapter) {}

    private BenchModel(ServedModel served, Facts facts) {
        this.served = served;
        this.facts = facts;
        this.prompts = new BenchPrompts(facts.tokenizer(), facts.plan().vocabulary());
    }

    static BenchModel open(Facts facts, String backend, int threads, EngineLimits limits) throws IOException {
        return new BenchModel(
                ServedModel.open(facts.name(), facts.file(), backend, new BackendOptions(threads), limits), facts);
    }

    Facts facts() {
        return facts;
    }

    BenchPrompts prompts() {
        return prompts;
    }

    ServedModel served() {
        return served;
    }

    /** Loads an adapter under a name. */
    AdapterId load(io.plumbline.inference.weights.PeftAdapter adapter, String name) {
        AdapterId id = new AdapterId(tenant(0), name);
        served.engine().loadAdapter(id, adapter);
        return id;
    }

    static TenantId tenant(int number) {
        return TenantId.of("bench-" + number);
    }

    /** Streams of ordinary text, all of one tenant, without adapters. */
    List<Stream> streams(int count, int promptTokens) {
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            streams.add(new Stream(tenant(0), prompts.text(i, promptTokens), Optional.empty()));
        }
        return streams;
    }

    /**
     * Answers of exactly {@code tokens} tokens, greedy, all streams at once.
     *
     * @param logprobs whether to report every token's log-probability, which costs time
     */
    List<Timed> answer(List<Stream> streams, int tokens, boolean logprobs) {
        var greedy = new SamplingSettings(0, 0, 1, 0, 1, 0, 0, prompts.neverEnd(), OptionalLong.empty());
        List<TimedAnswer> listeners = new ArrayList<>();
        for (Stream stream : streams) {
            TimedAnswer listener = new TimedAnswer();
            listeners.add(listener);
            EngineRequest request = EngineRequest.of(stream.tenant(), stream.prompt())
                    .withAdapter(stream.adapter())
                    .withSampling(greedy)
                    .withMaxTokens(OptionalInt.of(tokens))
                    .withTopLogprobs(logprobs ? OptionalInt.of(0) : OptionalInt.empty());
            served.engine().submit(request, listener);
        }
        return listeners.stream().map(TimedAnswer::await).toList();
    }

    /** One answer, held to a form or not; a free one has exactly so many tokens. */
    Timed answer(Stream stream, SamplingSettings sampling, Optional<CompiledGrammar> grammar, int tokens) {
        EngineRequest request = EngineRequest.of(stream.tenant(), stream.prompt())
                .withAdapter(stream.adapter())
                .withSampling(sampling)
                .withMaxTokens(OptionalInt.of(tokens))
                .withGrammar(grammar);
        TimedAnswer listener = new TimedAnswer();
        served.engine().submit(request, listener);
        return listener.await();
    }

    /** Tokens a second from the request to the first token of the answer. */
    double prefillRate(int[] prompt) {
        Stream stream = new Stream(tenant(0), prompt, Optional.empty());
        Timed answer = answer(List.of(stream), 1, false).getFirst();
        return prompt.length / ((answer.times().end() - answer.times().start()) / 1e9);
    }

    /**
     * Tokens a second of all streams together: what came behind each stream's first piece of text, from the moment the
     * first stream began to the moment the last one ended.
     *
     * @param firstPieces tokens in the first piece of each stream's text, from a run with log-probabilities
     */
    static double decodeRate(List<Timed> answers, int[] firstPieces) {
        long begin = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        long tokens = 0;
        for (int i = 0; i < answers.size(); i++) {
            Timed answer = answers.get(i);
            begin = Math.min(begin, answer.times().first());
            end = Math.max(end, answer.times().end());
            tokens += answer.finished().completionTokens() - firstPieces[i];
        }
        return tokens / ((end - begin) / 1e9);
    }

    @Override
    public void close() {
        served.close();
    }
}

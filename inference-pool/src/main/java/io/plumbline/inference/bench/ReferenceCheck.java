package io.plumbline.inference.bench;

import io.plumbline.inference.bench.TimedAnswer.Timed;
import io.plumbline.inference.engine.ServedModel;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.KeyValueCache;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.AdapterRows;
import io.plumbline.inference.model.AttentionStep;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelStep;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.sampling.LogProbabilities;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Compares an answer of the engine with the reference backend: plain Java, one pass over prompt and answer, no
 * batching, no scheduler. Backends of this machine follow one canonical arithmetic, so their log-probabilities must be
 * equal to the last bit; those of devices must be near.
 */
final class ReferenceCheck {
    private static final String REFERENCE = "reference";
    private static final Set<String> CANONICAL = Set.of("cpu", "vector", REFERENCE);
    private static final double NEAR = 0.05;
    private static final int BLOCK = 16;

    private final Path file;
    private final String backendName;
    private final Set<Integer> banned;

    /**
     * A check for one model.
     *
     * @param backendName what computed the answers
     * @param banned tokens that the answers could not choose
     */
    ReferenceCheck(Path file, String backendName, Set<Integer> banned) {
        this.file = file;
        this.backendName = backendName;
        this.banned = Set.copyOf(banned);
    }

    /**
     * Looks at the first tokens of a greedy answer.
     *
     * @param answer with log-probabilities
     * @param tokens how many of its tokens
     * @return what is wrong; empty if nothing
     */
    String problem(int[] prompt, Timed answer, int tokens) throws IOException {
        int[] all = new int[prompt.length + tokens - 1];
        System.arraycopy(prompt, 0, all, 0, prompt.length);
        for (int i = 0; i < tokens - 1; i++) {
            all[prompt.length + i] = answer.logprobs().get(i).token();
        }
        try (Backend reference = Backends.open(REFERENCE, BackendOptions.defaults());
                LoadedModel model = LoadedModel.of(GgufFile.open(file), reference, ServedModel.PRECISION)) {
            return compare(model, all, prompt.length - 1, answer);
        }
    }

    private String compare(LoadedModel model, int[] tokens, int firstRow, Timed answer) {
        int blocks = (tokens.length + BLOCK - 1) / BLOCK;
        var capacity = new Activations.Capacity(tokens.length, tokens.length - firstRow, 0);
        try (KeyValueCache cache =
                        new KeyValueCache(model.plan(), model.backend().memory(), new BlockPool(blocks, BLOCK));
                Activations activations =
                        Activations.forServing(model.plan(), model.backend().memory(), capacity)) {
            int[][] table = {IntStream.range(0, blocks).toArray()};
            var batch = new PagedBatch(new int[] {0, tokens.length}, new int[] {0}, table, BLOCK);
            var attention = new AttentionStep.Paged(batch, cache.layers());
            var forward = model.forwardPass();
            forward.run(new ModelStep(tokens, attention, AdapterRows.none(tokens.length)), activations);
            forward.head(IntStream.range(firstRow, tokens.length).toArray(), activations);
            model.backend().synchronize();
            float[] logits = new float[model.plan().vocabulary()];
            for (int i = 0; i < tokens.length - firstRow; i++) {
                long offset = (long) i * logits.length;
                model.backend().memory().read(activations.head().logits(), offset, logits, 0, logits.length);
                String difference = difference(logits, answer.logprobs().get(i));
                if (!difference.isEmpty()) {
                    return "token %d: %s".formatted(i, difference);
                }
            }
            return "";
        }
    }

    private String difference(float[] logits, TokenLogprob token) {
        int best = argmax(logits);
        double expected = new LogProbabilities(logits.length)
                .of(logits, token.token(), 0, t -> new byte[0])
                .logprob();
        if (CANONICAL.contains(backendName)) {
            return best == token.token() && expected == token.logprob()
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "the engine chose %d at %.17g, the reference %d and gives the former %.17g",
                            token.token(),
                            token.logprob(),
                            best,
                            expected);
        }
        double lost = logits[best] - (double) logits[token.token()];
        return lost <= NEAR && Math.abs(expected - token.logprob()) <= NEAR
                ? ""
                : String.format(
                        Locale.ROOT,
                        "the engine chose %d at %.4f, the reference gives %.4f and likes %d better by %.4f",
                        token.token(),
                        token.logprob(),
                        expected,
                        best,
                        lost);
    }

    private int argmax(float[] logits) {
        int best = -1;
        for (int token = 0; token < logits.length; token++) {
            if (!banned.contains(token) && (best < 0 || logits[token] > logits[best])) {
                best = token;
            }
        }
        return best;
    }
}

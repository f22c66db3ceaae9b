package io.plumbline.inference.constraint;

import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.GrammarMatcher;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.sampling.Sampler;
import io.plumbline.inference.sampling.TokenHistory;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What holding an answer to a form costs per token. Run by hand with the paths of GGUF files: for each form it walks one
 * answer twice, as a model's tokenizer would write it, and prints the cost of the first time and of the second.
 */
final class MaskBenchmark {
    private static final String SCHEMA = """
            {"type": "object", "properties": {"name": {"type": "string", "maxLength": 40}, "age": {"type": "integer",
             "minimum": 0, "maximum": 150}, "tags": {"type": "array", "items": {"enum": ["red", "green", "blue"]}},
             "notes": {"type": "string"}, "address": {"type": "object", "properties": {"street": {"type": "string"},
             "zip": {"type": "string", "pattern": "^[0-9]{5}$"}}, "required": ["street", "zip"]}},
             "required": ["name", "age", "tags", "notes", "address"]}
            """;
    private static final String ANSWER =
            "{\"name\": \"Ada Lovelace of London\", \"age\": 36, \"tags\": [\"red\", \"blue\"], \"notes\": \"She wrote the"
                    + " first program, \\\"Note G\\\", for a machine that nobody had built; 日本語 as well. It took her the"
                    + " better part of a year, and it was right but for one small slip.\", \"address\": {\"street\":"
                    + " \"St James's Square 12\", \"zip\": \"12345\"}}";
    private static final int ROUNDS = 300;

    private MaskBenchmark() {}

    public static void main(String[] files) throws IOException {
        Map<String, OutputConstraint> forms = new TreeMap<>(Map.of(
                "schema", new OutputConstraint.JsonSchema(SCHEMA, true), "json", new OutputConstraint.JsonObject()));
        for (String file : files) {
            Tokenizer tokenizer = GgufTokenizers.of(GgufFile.open(Path.of(file)).metadata());
            long start = System.nanoTime();
            ConstraintCompiler compiler = new ConstraintCompiler(tokenizer, GrammarLimits.defaults());
            compiler.compile(new OutputConstraint.Regex("a"));
            System.out.printf("%s: %d tokens, vocabulary laid out in %.0f ms%n", file, tokenizer.size(), ms(start));
            for (int warm = 0; warm < 30; warm++) {
                ConstraintCompiler fresh = new ConstraintCompiler(tokenizer, GrammarLimits.defaults());
                for (var form : forms.entrySet()) {
                    measure(form.getKey(), form.getValue(), warm < 28 ? null : fresh, compiler, tokenizer);
                }
            }
            sampling(tokenizer.size(), compiler);
        }
    }

    private static void measure(
            String name,
            OutputConstraint form,
            @Nullable ConstraintCompiler fresh,
            ConstraintCompiler warm,
            Tokenizer tokenizer) {
        int[] tokens = tokenizer.encode(ANSWER, false, false);
        long begun = System.nanoTime();
        CompiledGrammar grammar = (fresh == null ? warm : fresh).compile(form).orElseThrow();
        double compile = ms(begun);
        double[] first = walk(grammar, tokens);
        double again = 0;
        for (int round = 0; round < ROUNDS; round++) {
            again += walk(grammar, tokens)[0] / ROUNDS;
        }
        if (fresh != null) {
            System.out.printf(
                    "  %-6s %d tokens: compiled in %.1f ms (first use lays out the vocabulary); masks of the first answer"
                            + " %.0f us per token, at most %.0f; of later ones %.2f us%n",
                    name, tokens.length, compile, first[0], first[1], again);
        }
    }

    /** Mean and largest time per token, in microseconds. */
    private static double[] walk(CompiledGrammar grammar, int[] tokens) {
        GrammarMatcher matcher = grammar.matcher();
        double sum = 0;
        double most = 0;
        for (int token : tokens) {
            long start = System.nanoTime();
            long[] allowed = matcher.allowed();
            if ((allowed[token >> 6] >>> token & 1) == 0) {
                throw new IllegalStateException("token %d is not allowed".formatted(token));
            }
            matcher.accept(token);
            double took = (System.nanoTime() - start) / 1e3;
            sum += took;
            most = Math.max(most, took);
        }
        return new double[] {sum / tokens.length, most};
    }

    /** The sampler with and without a mask, in the middle of a string and where only syntax may come. */
    private static void sampling(int vocabulary, ConstraintCompiler compiler) {
        CompiledGrammar grammar =
                compiler.compile(new OutputConstraint.Regex("[^\"]*")).orElseThrow();
        CompiledGrammar narrow =
                compiler.compile(new OutputConstraint.Regex("[{}]*")).orElseThrow();
        Random random = new Random(1);
        float[] logits = new float[vocabulary];
        for (int token = 0; token < vocabulary; token++) {
            logits[token] = (float) random.nextGaussian() * 4;
        }
        Sampler sampler = new Sampler(vocabulary);
        TokenHistory history = new TokenHistory(new int[] {1});
        for (boolean greedy : new boolean[] {true, false}) {
            SamplingSettings settings = greedy
                    ? SamplingSettings.greedy()
                    : new SamplingSettings(1, 0, 1, 0, 1, 0, 0, Map.of(), java.util.OptionalLong.of(1));
            for (int round = 0; round < 3; round++) {
                double free = sample(sampler, logits, settings, history, null);
                double wide = sample(
                        sampler, logits, settings, history, grammar.matcher().allowed());
                double tight = sample(
                        sampler, logits, settings, history, narrow.matcher().allowed());
                if (round == 2) {
                    System.out.printf(
                            "  sampling, %s: %.0f us without a mask, %.0f us in a string, %.0f us in syntax%n",
                            greedy ? "greedy" : "temperature 1", free, wide, tight);
                }
            }
        }
    }

    private static double sample(
            Sampler sampler, float[] logits, SamplingSettings settings, TokenHistory history, long @Nullable [] mask) {
        long start = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            sampler.distribution(logits, settings, history, mask);
        }
        return (System.nanoTime() - start) / 1e3 / ROUNDS;
    }

    private static double ms(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}

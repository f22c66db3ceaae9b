package io.plumbline.inference.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.engine.EngineRequest;
import io.plumbline.inference.engine.InferenceEngine;
import io.plumbline.inference.engine.ServedModel;
import io.plumbline.inference.kernel.BackendOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * What a fresh JVM with this one's options needs until a model's first token, and how much memory it holds then.
 * Arguments: {@code load}, model file, backend, threads; or {@code memory}, the same, size of the vocabulary.
 */
public final class ColdStart {
    private static final String LOAD = "load";
    private static final String MEMORY = "memory";
    private static final int PROMPT = 16;
    /** Small enough to be filled in seconds; a cache that is not filled is not resident. */
    private static final int CACHE = 2048;

    private static final int STREAMS = 4;
    private static final int ANSWER = 16;

    private ColdStart() {}

    /** Entry point of the child. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[1]);
        String backend = arguments[2];
        int threads = Integer.parseInt(arguments[3]);
        System.out.println(
                arguments[0].equals(MEMORY)
                        ? memory(file, backend, threads, Integer.parseInt(arguments[4]))
                        : load(file, backend, threads));
    }

    private static ObjectNode load(Path file, String backend, int threads) throws IOException {
        // What to ask is looked up before the clock starts; the caller of a server knows its prompt too.
        Facts facts = Facts.of(file);
        int[] prompt = new BenchPrompts(facts.tokenizer(), facts.plan().vocabulary()).text(0, PROMPT);
        long start = System.nanoTime();
        try (BenchModel model = BenchModel.open(facts, backend, threads, EngineLimits.defaults())) {
            var stream = new BenchModel.Stream(BenchModel.tenant(0), prompt, Optional.empty());
            var answer = model.answer(List.of(stream), 1, false).getFirst();
            return new JsonMapper()
                    .createObjectNode()
                    .put("seconds", (answer.times().end() - start) / 1e9);
        }
    }

    /** Holds what a server holds, and nothing of the benchmark's own. */
    private static ObjectNode memory(Path file, String backend, int threads, int vocabulary) throws IOException {
        long idle = residentBytes();
        EngineLimits limits = EngineLimits.defaults().withCacheTokens(CACHE);
        try (ServedModel served = ServedModel.open("model", file, backend, new BackendOptions(threads), limits)) {
            fill(served.engine(), vocabulary);
            return new JsonMapper().createObjectNode().put("idle_bytes", idle).put("resident_bytes", residentBytes());
        }
    }

    /** Uses every block of the cache. */
    private static void fill(InferenceEngine engine, int vocabulary) {
        Random random = new Random(1);
        List<TimedAnswer> answers = new ArrayList<>();
        int each = Math.min(CACHE / STREAMS, engine.contextLength());
        for (int i = 0; i < CACHE / each; i++) {
            TimedAnswer answer = new TimedAnswer();
            answers.add(answer);
            int[] prompt = random.ints(each - ANSWER, 0, vocabulary).toArray();
            engine.submit(EngineRequest.of(BenchModel.tenant(0), prompt).withMaxTokens(OptionalInt.of(ANSWER)), answer);
        }
        answers.forEach(TimedAnswer::await);
    }

    /** Seconds from the wish to load until the first token of an answer, in a fresh JVM. */
    static double loadSeconds(Facts facts, String backend, int threads) throws IOException {
        return child(LOAD, facts, backend, threads, List.of()).path("seconds").asDouble();
    }

    /**
     * Resident bytes beyond an idle JVM, one copy of the model file and the key/value cache, after the whole cache was
     * used; in a fresh JVM.
     */
    static double memoryBeyond(Facts facts, String backend, int threads) throws IOException {
        JsonNode result =
                child(MEMORY, facts, backend, threads, List.of("" + facts.plan().vocabulary()));
        long cache = facts.plan().layers().stream()
                .mapToLong(layer -> 2L * CACHE * layer.attention().keyValueWidth() * Float.BYTES)
                .sum();
        return result.path("resident_bytes").asLong()
                - result.path("idle_bytes").asLong()
                - Files.size(facts.file())
                - cache;
    }

    private static JsonNode child(String what, Facts facts, String backend, int threads, List<String> more)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ColdStart.class.getName(), what, facts.file().toString(), backend, "" + threads));
        command.addAll(more);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(
                        "a fresh JVM could not run %s: exit status %d".formatted(facts.file(), process.exitValue()));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        // The last line: a logger may have printed before.
        return new JsonMapper().readTree(output.lines().reduce("", (earlier, line) -> line));
    }

    /** The process's resident set, mapped files included (proc(5)). */
    static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps_rollup"))) {
            if (line.startsWith("Rss:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/smaps_rollup has no Rss line");
    }
}

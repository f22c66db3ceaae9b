package io.plumbline.inference.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.engine.EngineLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a fresh JVM with this one's options needs until a model's first token, and how much memory it holds then.
 * Arguments: {@code load} or {@code memory}, model file, backend, threads.
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
        long idle = residentBytes();
        Facts facts = null;
        var result = new JsonMapper().createObjectNode();
        EngineLimits limits = EngineLimits.defaults();
        boolean memory = arguments[0].equals(MEMORY);
        int[] first = {};
        if (!memory) {
            // What to ask is looked up before the clock starts; the caller of a server knows its prompt too.
            facts = Facts.of(Path.of(arguments[1]));
            first = new BenchPrompts(facts.tokenizer(), facts.plan().vocabulary()).text(0, PROMPT);
        }
        long start = System.nanoTime();
        facts = facts == null ? Facts.of(Path.of(arguments[1])) : facts;
        try (BenchModel model = BenchModel.open(
                facts, arguments[2], Integer.parseInt(arguments[3]), memory ? limits.withCacheTokens(CACHE) : limits)) {
            if (memory) {
                fill(model);
                result.put("idle_bytes", idle).put("resident_bytes", residentBytes());
            } else {
                var stream = new BenchModel.Stream(BenchModel.tenant(0), first, Optional.empty());
                var answer = model.answer(List.of(stream), 1, false).getFirst();
                result.put("seconds", (answer.times().end() - start) / 1e9);
            }
        }
        System.out.println(result);
    }

    /** Uses every block of the cache. */
    private static void fill(BenchModel model) {
        List<BenchModel.Stream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            int[] prompt = model.prompts().noise(i, CACHE / STREAMS - ANSWER);
            streams.add(new BenchModel.Stream(BenchModel.tenant(0), prompt, Optional.empty()));
        }
        var answers = model.answer(streams, ANSWER, false);
        if (answers.size() != STREAMS) {
            throw new IllegalStateException("an answer is missing");
        }
    }

    /** Seconds from the wish to load until the first token of an answer, in a fresh JVM. */
    static double loadSeconds(Facts facts, String backend, int threads) throws IOException {
        return child(LOAD, facts, backend, threads).path("seconds").asDouble();
    }

    /**
     * Resident bytes beyond an idle JVM, one copy of the model file and the key/value cache, after the whole cache was
     * used; in a fresh JVM.
     */
    static double memoryBeyond(Facts facts, String backend, int threads) throws IOException {
        JsonNode result = child(MEMORY, facts, backend, threads);
        long cache = facts.plan().layers().stream()
                .mapToLong(layer -> 2L * CACHE * layer.attention().keyValueWidth() * Float.BYTES)
                .sum();
        return result.path("resident_bytes").asLong()
                - result.path("idle_bytes").asLong()
                - Files.size(facts.file())
                - cache;
    }

    private static JsonNode child(String what, Facts facts, String backend, int threads) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ColdStart.class.getName(), what, facts.file().toString(), backend, "" + threads));
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
    private static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps_rollup"))) {
            if (line.startsWith("Rss:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/smaps_rollup has no Rss line");
    }
}

package io.plumbline.inference.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * llama.cpp in a process of its own, driven by one JSON object a line: {@code {"do": "decode", …}} in, the result out.
 * Between two commands it sleeps, so that both sides have the whole machine when they are measured.
 */
final class PeerProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;

    private final JsonMapper mapper = new JsonMapper();
    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    private PeerProcess(Process process) {
        this.process = process;
        this.in = process.outputWriter();
        this.out = process.inputReader();
    }

    /**
     * Starts the driver.
     *
     * @param command the program and its arguments
     * @throws PeerException if it does not start
     */
    static PeerProcess start(List<String> command) {
        try {
            return new PeerProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new PeerException("llama.cpp cannot be started: " + e.getMessage());
        }
    }

    /** Loads a model and computes one token; the answer has {@code seconds}. */
    JsonNode load(Path model, int threads, int context, int sequences) {
        ObjectNode command = command("load").put("model", model.toString()).put("threads", threads);
        return ask(command.put("context", context).put("sequences", sequences));
    }

    /** Tokens a second of a prompt of so many tokens. */
    double prefill(int tokens) {
        return rate(command("prefill").put("tokens", tokens));
    }

    /** Tokens a second of all streams together, which follow prompts of {@code start} tokens. */
    double decode(int streams, int start, int tokens) {
        return rate(
                command("decode").put("streams", streams).put("start", start).put("tokens", tokens));
    }

    /** Makes random adapters of that rank on all linear layers. */
    void makeAdapters(int count, int rank) {
        ask(command("adapters").put("count", count).put("rank", rank));
    }

    /** Tokens a second of one stream for each adapter; the adapter is switched between batches. */
    double decodeWithAdapters(int start, int tokens) {
        return rate(command("decode_adapters").put("start", start).put("tokens", tokens));
    }

    private ObjectNode command(String verb) {
        return mapper.createObjectNode().put("do", verb);
    }

    private double rate(ObjectNode command) {
        JsonNode rate = ask(command).path("tokens_per_second");
        if (!rate.isNumber()) {
            throw new PeerException("llama.cpp's driver gave no rate for " + command);
        }
        return rate.asDouble();
    }

    private JsonNode ask(ObjectNode command) {
        try {
            in.write(command + "\n");
            in.flush();
            String line = out.readLine();
            if (line == null) {
                throw new PeerException("llama.cpp's process ended during %s"
                        .formatted(command.path("do").asText()));
            }
            JsonNode answer = mapper.readTree(line);
            if (answer.has("error")) {
                throw new PeerException("llama.cpp: " + answer.path("error").asText());
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw new PeerException("llama.cpp's driver wrote something that is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new PeerException("llama.cpp's process does not answer: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

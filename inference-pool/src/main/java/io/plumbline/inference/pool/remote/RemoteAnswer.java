package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer on its way from a remote engine. A virtual thread of its own reads it and calls the listener; cancelling,
 * and time that runs out, close the connection, which ends the work at the other side too.
 */
final class RemoteAnswer implements Completion {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteAnswer.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String DONE = "[DONE]";
    private static final int LONGEST_ERROR = 16 << 10;
    private static final int UNKNOWN_MODEL = 404;

    private final Setting setting;
    private final CompletionListener listener;
    private final long startNanos = System.nanoTime();
    private volatile int promptTokens;
    private volatile long lastNanos = startNanos;
    private volatile boolean cancelled;
    /** The engine took longer than it may. */
    private volatile boolean late;
    /** The caller's time is over. */
    private volatile boolean overdue;

    private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> response;
    private volatile @Nullable InputStream body;

    private final ToolCallPieces toolCalls = new ToolCallPieces();
    private boolean anyText;
    private int pieces;
    private int completionTokens;
    private int cachedTokens;
    private @Nullable FinishReason reason;

    /**
     * What an answer shares with others of its engine.
     *
     * @param client sends
     * @param failures of the engine
     * @param limits of the engine
     * @param model as callers here know it
     * @param timeLimit of this answer; empty = the engine's limit alone
     * @param topLogprobs most alternatives per token that were asked for; servers may send more
     * @param mustCall whether an answer without a call of a tool is none
     * @param restore tried once where the server does not know the model
     * @param onEnd called once the answer has ended, however it did
     */
    record Setting(
            HttpClient client,
            RemoteFailures failures,
            RemoteLimits limits,
            String model,
            Optional<Duration> timeLimit,
            int topLogprobs,
            boolean mustCall,
            Restore restore,
            EndListener onEnd) {}

    /** Makes a server know a model again that it knew before. */
    @FunctionalInterface
    interface Restore {
        /** Nothing can be done about it. */
        Restore NEVER = () -> false;

        /**
         * Tries.
         *
         * @return whether to ask once more
         */
        boolean restored();
    }

    /** Hears that an answer has ended. */
    @FunctionalInterface
    interface EndListener {
        void ended(RemoteAnswer answer);
    }

    /** @param promptEstimate tokens of the prompt until the server tells */
    RemoteAnswer(Setting setting, CompletionListener listener, int promptEstimate) {
        this.setting = setting;
        this.listener = listener;
        this.promptTokens = promptEstimate;
    }

    void start(HttpRequest request) {
        Thread.ofVirtual().name("remote-answer").start(() -> run(request));
    }

    @Override
    public int promptTokens() {
        return promptTokens;
    }

    @Override
    public void cancel() {
        cancelled = true;
        breakOff();
    }

    /** Ends the answer if the server takes too long. */
    void checkTime(long nowNanos) {
        long age = nowNanos - startNanos;
        if (setting.timeLimit().isPresent() && age > setting.timeLimit().get().toNanos()) {
            overdue = true;
            breakOff();
        } else if (age > setting.limits().answer().toNanos()
                || (body != null
                        && nowNanos - lastNanos > setting.limits().stall().toNanos())) {
            late = true;
            breakOff();
        }
    }

    private void breakOff() {
        CompletableFuture<HttpResponse<InputStream>> waiting = response;
        if (waiting != null) {
            waiting.cancel(true);
        }
        InputStream open = body;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing a connection that is given up", e);
            }
        }
    }

    private void run(HttpRequest request) {
        InferenceException failure = null;
        try {
            exchange(request);
        } catch (InferenceException e) {
            failure = e;
        } catch (IOException e) {
            failure = ofBreak(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancelled = true;
        } catch (RuntimeException e) {
            LOG.error("reading an answer of {} failed", setting.model(), e);
            failure = new InferenceException.EngineFailed("The engine's answer could not be read; it was logged.", e);
        } finally {
            setting.onEnd().ended(this);
        }
        end(failure);
    }

    /** What a connection that ended means; nothing if we ended it because nobody wants the answer any more. */
    private @Nullable InferenceException ofBreak(IOException cause) {
        if (overdue) {
            return new InferenceException.DeadlineExceeded(setting.timeLimit().orElseThrow());
        }
        if (late) {
            return setting.failures().ofConnection(new HttpTimeoutException("the answer stalled"));
        }
        return cancelled ? null : setting.failures().ofConnection(cause);
    }

    private void end(@Nullable InferenceException failure) {
        try {
            if (cancelled && !late && !overdue) {
                listener.onFinish(finished(FinishReason.CANCELLED));
            } else if (failure != null) {
                listener.onFailure(failure);
            } else {
                listener.onFinish(finished(reason == null ? FinishReason.STOP : reason));
            }
        } catch (RuntimeException e) {
            LOG.warn("the listener of an answer failed at its end", e);
        }
    }

    private FinishedCompletion finished(FinishReason why) {
        // A server that reports no usage sends a token at a time, more or less.
        return new FinishedCompletion(
                why, promptTokens, completionTokens > 0 ? completionTokens : pieces, cachedTokens);
    }

    private void exchange(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = begin(request);
        if (answer.statusCode() == UNKNOWN_MODEL && setting.restore().restored()) {
            answer.body().close();
            answer = begin(request);
        }
        try (InputStream in = answer.body()) {
            lastNanos = System.nanoTime();
            body = in;
            if (cancelled || late || overdue) {
                throw new IOException("given up");
            }
            if (answer.statusCode() != 200) {
                String text = new String(in.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
                throw setting.failures().ofStatus(answer.statusCode(), answer.headers(), text, setting.model());
            }
            read(new ServerSentEvents(in, () -> lastNanos = System.nanoTime()));
        }
    }

    private HttpResponse<InputStream> begin(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> waiting =
                setting.client().sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        response = waiting;
        if (cancelled) {
            waiting.cancel(true);
        }
        try {
            return waiting.get();
        } catch (CancellationException e) {
            throw new IOException("given up", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    /** Until the end of the stream; an end without a finish reason is a broken connection. */
    private void read(ServerSentEvents events) throws IOException {
        Optional<String> data = events.next();
        while (data.isPresent() && !data.get().strip().equals(DONE)) {
            piece(parsed(data.get()));
            if (cancelled) {
                return;
            }
            data = events.next();
        }
        if (reason == null && !cancelled) {
            throw new IOException("the stream ended before the answer did");
        }
    }

    private JsonNode parsed(String data) {
        try {
            return JSON.readTree(data);
        } catch (JsonProcessingException e) {
            throw setting.failures().ofProtocol("an event that is no JSON");
        }
    }

    private void piece(JsonNode chunk) {
        if (chunk.hasNonNull("error")) {
            throw setting.failures().ofEvent(chunk.path("error"));
        }
        usage(chunk.path("usage"));
        JsonNode choice = chunk.path("choices").path(0);
        if (choice.isMissingNode()) {
            return;
        }
        text(choice);
        toolCalls(choice);
        if (choice.path("finish_reason").isTextual()) {
            finish(choice.path("finish_reason").asText());
        }
    }

    private void text(JsonNode choice) {
        String text = RemoteChunk.text(choice);
        List<TokenLogprob> logprobs = RemoteChunk.logprobs(choice, setting.topLogprobs());
        if (!text.isEmpty() || !logprobs.isEmpty()) {
            pieces += Math.max(1, logprobs.size());
            String ended = text.isEmpty() ? "" : calls(ToolCallPieces::close);
            anyText |= !text.isEmpty();
            deliver(new TextDelta(ended + text, logprobs));
        } else if (RemoteChunk.thought(choice)) {
            pieces++;
        }
    }

    private void toolCalls(JsonNode choice) {
        JsonNode come = choice.path("delta").path("tool_calls");
        if (come.isEmpty()) {
            return;
        }
        pieces++;
        String text = calls(calls -> calls.add(come, anyText));
        if (!text.isEmpty()) {
            deliver(new TextDelta(text, List.of()));
        }
    }

    private void finish(String why) {
        reason = reasonOf(why);
        String end = calls(reason == FinishReason.LENGTH ? ToolCallPieces::breakOff : ToolCallPieces::close);
        if (!end.isEmpty()) {
            deliver(new TextDelta(end, List.of()));
        }
        if (reason == FinishReason.STOP && setting.mustCall() && !toolCalls.any()) {
            throw setting.failures().ofMissingCall();
        }
    }

    /** What is done with the calls. */
    @FunctionalInterface
    private interface CallStep {
        String of(ToolCallPieces calls) throws ToolCallPieces.Unwritable;
    }

    private String calls(CallStep step) {
        try {
            return step.of(toolCalls);
        } catch (ToolCallPieces.Unwritable e) {
            throw setting.failures().ofProtocol(String.valueOf(e.getMessage()));
        }
    }

    private void usage(JsonNode usage) {
        if (usage.isObject()) {
            promptTokens = usage.path("prompt_tokens").asInt(promptTokens);
            completionTokens = usage.path("completion_tokens").asInt(completionTokens);
            cachedTokens =
                    usage.path("prompt_tokens_details").path("cached_tokens").asInt(cachedTokens);
        }
    }

    private void deliver(TextDelta delta) {
        try {
            listener.onText(delta);
        } catch (RuntimeException e) {
            LOG.warn("the listener of an answer failed; the answer is cancelled", e);
            cancelled = true;
        }
    }

    private FinishReason reasonOf(String name) {
        return switch (name) {
            case "stop", "tool_calls" -> FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case "content_filter" ->
                throw new InferenceException.InvalidPrompt(
                        "The engine that serves this model withheld the answer by rules of its own.");
            default -> throw setting.failures().ofProtocol("the finish reason " + name);
        };
    }
}

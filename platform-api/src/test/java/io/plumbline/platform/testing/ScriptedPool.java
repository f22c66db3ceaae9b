package io.plumbline.platform.testing;

import io.plumbline.inference.engine.LocalInferencePool;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.pool.Urgency;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The real pool, and beside it a model {@code scripted} that says what the test wants: after {@code say:} in the last
 * message, that text, one character a token; after {@code backwards:}, that text from its end, so that what an answer says does
 * not stand in the question; after {@code each:}, the choice-th of several texts separated by {@code ||}, if
 * the question has seed 0; {@code wait} answers nothing until it is cancelled; {@code overloaded} and
 * {@code stopping} are refused; {@code fail} fails after a few words.
 */
@Alternative
@Priority(1)
@Singleton
@Typed({InferencePool.class, ScriptedPool.class})
public class ScriptedPool implements InferencePool {
    /** The name of the scripted model. */
    public static final String MODEL = "scripted";

    private final LocalInferencePool real;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile Urgency lastUrgency = Urgency.normal();

    @Inject
    ScriptedPool(LocalInferencePool real) {
        this.real = real;
    }

    /** Requests that have begun to wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Requests that were cancelled while they waited. */
    public int cancelled() {
        return cancelled.get();
    }

    /** With which the scripted model was asked last. */
    public Urgency lastUrgency() {
        return lastUrgency;
    }

    @Override
    public List<BaseModel> baseModels() {
        BaseModel scripted = new BaseModel(MODEL, "none", 4096, 256, "0".repeat(64), true, List.of());
        return Stream.concat(real.baseModels().stream(), Stream.of(scripted)).toList();
    }

    @Override
    public Completion submit(CompletionRequest request, CompletionListener listener) {
        if (!request.baseModel().equals(MODEL)) {
            return real.submit(request, listener);
        }
        lastUrgency = request.urgency();
        ChatMessage last = ((Prompt.Chat) request.prompt()).messages().getLast();
        if (last.content().equals("overloaded")) {
            throw new InferenceException.Overloaded(7);
        }
        if (last.content().equals("stopping")) {
            throw new InferenceException.ShuttingDown();
        }
        CountDownLatch cancel = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> play(last.content(), request, listener, cancel));
        return new Completion() {
            @Override
            public int promptTokens() {
                return last.content().length();
            }

            @Override
            public void cancel() {
                cancel.countDown();
            }
        };
    }

    private void play(String script, CompletionRequest request, CompletionListener listener, CountDownLatch cancel) {
        switch (script) {
            case "wait" -> {
                waiting.incrementAndGet();
                awaitUninterruptibly(cancel);
                cancelled.incrementAndGet();
                listener.onFinish(new FinishedCompletion(FinishReason.CANCELLED, 4, 0, 0));
            }
            case "fail" -> {
                listener.onText(new TextDelta("So far ", List.of()));
                listener.onFailure(
                        new InferenceException.EngineFailed("The engine stopped.", new IllegalStateException()));
            }
            default -> say(script, request, listener, cancel);
        }
    }

    private static void say(
            String script, CompletionRequest request, CompletionListener listener, CountDownLatch cancel) {
        String text = script.startsWith("backwards:")
                ? new StringBuilder(script.substring("backwards:".length()))
                        .reverse()
                        .toString()
                : said(script, request);
        int limit = request.maxTokens().orElse(Integer.MAX_VALUE);
        int spoken = 0;
        for (; spoken < text.length() && spoken < limit && cancel.getCount() > 0; spoken++) {
            String token = text.substring(spoken, spoken + 1);
            byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
            List<TokenLogprob> logprobs = request.topLogprobs().isPresent()
                    ? List.of(new TokenLogprob(
                            spoken, bytes, -0.5, List.of(new TokenLogprob(spoken, bytes, -0.5, List.of()))))
                    : List.of();
            listener.onText(new TextDelta(token, logprobs));
        }
        FinishReason reason = cancel.getCount() == 0
                ? FinishReason.CANCELLED
                : spoken < text.length() ? FinishReason.LENGTH : FinishReason.STOP;
        listener.onFinish(new FinishedCompletion(reason, script.length(), spoken, 0));
    }

    private static String said(String script, CompletionRequest request) {
        return script.startsWith("each:")
                ? script.substring("each:".length())
                        .split("\\|\\|")[(int) request.sampling().seed().orElseThrow()]
                : script.replaceFirst("(?s)^say:", "");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int countTokens(String baseModel, Prompt prompt) {
        return real.countTokens(baseModel, prompt);
    }

    @Override
    public void loadAdapter(AdapterId id, String baseModel, Path directory) {
        real.loadAdapter(id, baseModel, directory);
    }

    @Override
    public void unloadAdapter(AdapterId id) {
        real.unloadAdapter(id);
    }

    @Override
    public void close() {
        // the application closes the real pool
    }
}

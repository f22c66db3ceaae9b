package io.plumbline.inference.pool.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.Priority;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.pool.Urgency;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams as servers send them: whole, cut off, slow, broken. */
class RemoteAnswerTest extends RemoteFixture {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** As vLLM sends it. */
    private static final String[] PARIS = {
        "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n",
        "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Par\"},\"finish_reason\":null}]}\n\n",
        ": keep-alive\n\ndata: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"is \\ud83d\\uddfc\"},\"finish_reason\":null}]}\n\n",
        "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\".\"},\"finish_reason\":\"stop\",\"stop_reason\":null}]}\n\n",
        "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":14,\"total_tokens\":18,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":8}}}\n\n",
        "data: [DONE]\n\n"
    };

    @Test
    void textUsageAndReasonArriveAsTheyWereSent() throws Exception {
        server.streams(CHAT, PARIS);
        HeardAnswer answer = ask(request(chat("capital of France?")));
        assertThat(answer.await()).isEqualTo(new FinishedCompletion(FinishReason.STOP, 14, 4, 8));
        assertThat(answer.text()).isEqualTo("Paris 🗼.");
        assertThat(answer.ends).hasValue(1);
    }

    @Test
    void carriageReturnsAndPiecesCutAnywhereMakeNoDifference() throws Exception {
        byte[] bytes = String.join("", PARIS).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        server.on(CHAT, exchange -> {
            RecordedServer.begin(exchange);
            for (int i = 0; i < bytes.length; i += 7) {
                exchange.getResponseBody().write(bytes, i, Math.min(7, bytes.length - i));
                exchange.getResponseBody().flush();
            }
        });
        HeardAnswer answer = ask(request(chat("capital of France?")));
        assertThat(answer.await().completionTokens()).isEqualTo(4);
        assertThat(answer.text()).isEqualTo("Paris 🗼.");
    }

    @Test
    void logProbabilitiesOfChatsHaveBytesAndAlternatives() throws Exception {
        server.streams(
                CHAT,
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"é\"},\"logprobs\":{\"content\":[{\"token\":\"é\",\"logprob\":-0.25,\"bytes\":[195,169],"
                        + "\"top_logprobs\":[{\"token\":\"é\",\"logprob\":-0.25,\"bytes\":[195,169]},{\"token\":\"e\",\"logprob\":-1.5,\"bytes\":null}]}]},\"finish_reason\":\"length\"}]}\n\n",
                "data: [DONE]\n\n");
        HeardAnswer answer = ask(withLogprobs(chat("one letter")));
        assertThat(answer.await().reason()).isEqualTo(FinishReason.LENGTH);
        TokenLogprob token = answer.logprobs().getFirst();
        assertThat(token.logprob()).isEqualTo(-0.25);
        assertThat(token.bytes()).containsExactly(0xC3, 0xA9);
        assertThat(token.top()).extracting(TokenLogprob::logprob).containsExactly(-0.25, -1.5);
        assertThat(token.top().getLast().bytes()).containsExactly('e');
    }

    @Test
    void logProbabilitiesOfTextsComeInParallelArrays() throws Exception {
        server.streams(
                TEXT,
                "data: {\"choices\":[{\"index\":0,\"text\":\" Paris\",\"logprobs\":{\"tokens\":[\" Paris\"],\"token_logprobs\":[-0.5],"
                        + "\"top_logprobs\":[{\" Lyon\":-2.0,\" Paris\":-0.5}],\"text_offset\":[0]},\"finish_reason\":\"length\"}]}\n\n",
                "data: [DONE]\n\n");
        HeardAnswer answer = ask(withLogprobs(new Prompt.Text("The capital of France is")));
        assertThat(answer.await().completionTokens()).isEqualTo(1);
        assertThat(answer.text()).isEqualTo(" Paris");
        assertThat(answer.logprobs().getFirst().top())
                .extracting(TokenLogprob::logprob)
                .containsExactly(-0.5, -2.0);
    }

    @Test
    void toolCallsArriveAsEveryEngineOfThePoolWritesThem() throws Exception {
        server.streams(
                CHAT,
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]},\"finish_reason\":null}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\": \"}}]},\"finish_reason\":null}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Paris\\\"}\"}}]},\"finish_reason\":null}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n",
                "data: [DONE]\n\n");
        HeardAnswer answer = ask(request(chat("weather in Paris?")));
        assertThat(answer.await().reason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.text())
                .isEqualTo("<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>");
    }

    @Test
    void aStreamThatEndsBeforeTheAnswerIsAFailure() throws Exception {
        server.streams(CHAT, PARIS[0], PARIS[1]);
        HeardAnswer answer = ask(request(chat("?")));
        assertThat(answer.awaitFailure())
                .isInstanceOf(InferenceException.EngineFailed.class)
                .hasMessageContaining("gpu-1");
        assertThat(answer.text()).isEqualTo("Par");
        assertThat(answer.ends).hasValue(1);
    }

    @Test
    void aConnectionThatIsCutIsAFailure() throws Exception {
        server.on(CHAT, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 100_000);
            exchange.getResponseBody().write(PARIS[1].getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            throw new IOException("cut");
        });
        assertThat(ask(request(chat("?"))).awaitFailure()).isInstanceOf(InferenceException.EngineFailed.class);
    }

    @Test
    void anEventThatIsNoJsonAndAnErrorInTheStreamAreFailures() throws Exception {
        server.streams(CHAT, PARIS[1], "data: <html>bad gateway</html>\n\n");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.EngineFailed.class)
                .hasMessageNotContaining("html");
        server.streams(
                CHAT, PARIS[1], "data: {\"error\":{\"message\":\"CUDA out of memory at 0x7f\",\"code\":500}}\n\n");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.EngineFailed.class)
                .hasMessageNotContaining("CUDA");
    }

    @Test
    void anErrorInTheStreamKeepsItsMeaningWhetherItsCodeIsANumberOrAName() throws Exception {
        server.streams(
                CHAT, PARIS[1], "data: {\"error\":{\"message\":\"no way on\",\"code\":\"invalid_constraint\"}}\n\n");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.InvalidConstraint.class)
                .hasMessageContaining("no way on");
        server.streams(CHAT, PARIS[1], "data: {\"error\":{\"message\":\"bye\",\"code\":\"shutting_down\"}}\n\n");
        assertThat(ask(request(chat("?"))).awaitFailure()).isInstanceOf(InferenceException.Overloaded.class);
        server.streams(CHAT, PARIS[1], "data: {\"error\":{\"message\":\"too long\",\"code\":400}}\n\n");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.InvalidPrompt.class)
                .hasMessageContaining("too long");
    }

    @Test
    void anAnswerThatTheOtherSideFilteredIsRefused() throws Exception {
        server.streams(
                CHAT, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.InvalidPrompt.class)
                .hasMessageContaining("withheld");
    }

    @Test
    void cancellingClosesTheConnectionAndIsToldOnce() throws Exception {
        CountDownLatch noticed = new CountDownLatch(1);
        server.on(CHAT, exchange -> {
            RecordedServer.begin(exchange);
            try {
                while (true) {
                    exchange.getResponseBody().write(PARIS[1].getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                }
            } catch (IOException gone) {
                noticed.countDown();
                throw gone;
            }
        });
        HeardAnswer answer = new HeardAnswer();
        Completion completion = pool.submit(request(chat("?")), answer);
        answer.awaitText();
        completion.cancel();
        completion.cancel();
        assertThat(answer.await().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(noticed.await(20, TimeUnit.SECONDS))
                .as("the server hears of it")
                .isTrue();
        assertThat(answer.ends).hasValue(1);
    }

    @Test
    void cancellingBeforeTheAnswerBeginsIsNoFailure() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.on(CHAT, exchange -> {
            asked.countDown();
            server.untilClosing();
        });
        HeardAnswer answer = new HeardAnswer();
        Completion completion = pool.submit(request(chat("?")), answer);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        completion.cancel();
        assertThat(answer.await().reason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void aServerThatDoesNotBeginIsGivenUp() throws Exception {
        pool.close();
        pool = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), limits(Duration.ofMillis(200), LONG, 4));
        server.on(CHAT, exchange -> server.untilClosing());
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.EngineFailed.class)
                .hasMessageContaining("in time");
    }

    @Test
    void aServerThatStallsIsGivenUp() throws Exception {
        pool.close();
        pool = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), limits(LONG, Duration.ofSeconds(2), 4));
        server.on(TEXT, exchange -> {
            RecordedServer.begin(exchange);
            exchange.getResponseBody()
                    .write("data: {\"choices\":[{\"text\":\"a\"}]}\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            server.untilClosing();
        });
        HeardAnswer stalled = ask(request(new Prompt.Text("?")));
        assertThat(stalled.awaitFailure())
                .isInstanceOf(InferenceException.EngineFailed.class)
                .hasMessageContaining("in time");
        assertThat(stalled.text()).isEqualTo("a");
    }

    @Test
    void aDeadlineOfTheCallerIsADeadlineExceeded() throws Exception {
        server.on(CHAT, exchange -> server.untilClosing());
        Urgency hurry = new Urgency(Priority.NORMAL, Optional.of(Duration.ofMillis(150)));
        HeardAnswer answer = ask(request(chat("?"), SamplingSettings.greedy(), hurry, OutputConstraint.free()));
        assertThat(answer.awaitFailure()).isInstanceOf(InferenceException.DeadlineExceeded.class);
    }

    @Test
    void aServerThatIsNotThereIsAFailure() throws Exception {
        server.close();
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.EngineFailed.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void closingThePoolCancelsWhatRuns() throws Exception {
        server.on(CHAT, exchange -> server.untilClosing());
        HeardAnswer answer = ask(request(chat("?")));
        pool.close();
        assertThat(answer.await().reason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void moreThanTheEngineMayGetIsRefusedAndNotQueued() throws Exception {
        pool.close();
        pool = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), limits(LONG, LONG, 1));
        CountDownLatch go = new CountDownLatch(1);
        server.on(CHAT, exchange -> {
            go.await();
            RecordedServer.begin(exchange);
            exchange.getResponseBody().write(String.join("", PARIS).getBytes(StandardCharsets.UTF_8));
        });
        HeardAnswer first = ask(request(chat("?")));
        assertThatExceptionOfType(InferenceException.Overloaded.class)
                .isThrownBy(() -> pool.submit(request(chat("?")), new HeardAnswer()));
        go.countDown();
        assertThat(first.await().reason()).isEqualTo(FinishReason.STOP);
        assertThat(ask(request(chat("?"))).await().reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aListenerThatThrowsEndsTheAnswer() throws Exception {
        server.streams(CHAT, PARIS);
        HeardAnswer end = new HeardAnswer();
        var completion = pool.submit(request(chat("?")), new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                throw new IllegalStateException("broken listener");
            }

            @Override
            public void onFinish(FinishedCompletion finished) {
                end.onFinish(finished);
            }

            @Override
            public void onFailure(InferenceException failure) {
                end.onFailure(failure);
            }
        });
        assertThat(end.await().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(completion.promptTokens()).isNotNegative();
    }
}

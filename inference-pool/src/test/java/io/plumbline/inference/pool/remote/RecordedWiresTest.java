package io.plumbline.inference.pool.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Streams of real servers, vLLM 0.32 and llama-server b11434 with SmolLM2, as they came but for ids, times and names of
 * models.
 */
class RecordedWiresTest extends RemoteFixture {
    private static String wire(String name) throws IOException {
        try (InputStream in = RecordedWiresTest.class.getResourceAsStream("/remote-wires/" + name + ".sse")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HeardAnswer heard(RemoteDialect dialect, Prompt prompt, String wire) throws IOException {
        pool.close();
        pool = pool(dialect, new RemoteAdapters.None(), RemoteLimits.defaults());
        server.streams(RemoteRequest.path(prompt), wire(wire));
        return ask(withLogprobs(prompt));
    }

    @Test
    void vllmPacksSeveralTokensIntoAPiece() throws Exception {
        HeardAnswer answer = heard(RemoteDialect.VLLM, chat("Name one colour."), "vllm-chat");
        assertThat(answer.await()).isEqualTo(new FinishedCompletion(FinishReason.LENGTH, 34, 6, 0));
        assertThat(answer.text()).isEqualTo("One colour is not possible.");
        assertThat(answer.logprobs())
                .extracting(token -> new String(token.bytes(), StandardCharsets.UTF_8))
                .containsExactly("One", " colour", " is", " not", " possible", ".");
        assertThat(answer.logprobs())
                .allSatisfy(token -> assertThat(token.top()).hasSize(2));
        assertThat(answer.logprobs().getFirst().logprob()).isEqualTo(-1.9556822776794434);
    }

    @Test
    void vllmCutsACallShortInThePieceThatEndsIt() throws Exception {
        HeardAnswer answer = heard(RemoteDialect.VLLM, chat("weather?"), "vllm-tool-call-cut");
        assertThat(answer.await()).isEqualTo(new FinishedCompletion(FinishReason.LENGTH, 41, 60, 0));
        assertThat(answer.text())
                .isEqualTo("<tool_call>\n{\"name\": \"weather\", \"arguments\": {\n    \"2018-JANUARISES.MARCHANDADE:"
                        + " CHRINELLA PARADY (LAS ANIMAC");
        assertThat(answer.pieces()).as("as they came").hasSizeGreaterThan(20);
    }

    @Test
    void vllmRefusesASchemaAfterItsAnswerHasBegun() throws Exception {
        assertThat(heard(RemoteDialect.VLLM, chat("?"), "vllm-schema-refused").awaitFailure())
                .isInstanceOf(InferenceException.InvalidConstraint.class)
                .hasMessageContaining("Invalid type: strange");
    }

    @Test
    void vllmTellsLogProbabilitiesOfTextsByTheTokensText() throws Exception {
        HeardAnswer answer = heard(RemoteDialect.VLLM, new Prompt.Text("The capital of France is"), "vllm-text");
        assertThat(answer.await().completionTokens()).isEqualTo(3);
        assertThat(answer.text()).isEqualTo(" Paris.\n");
        assertThat(answer.logprobs()).extracting(TokenLogprob::token).containsOnly(-1);
    }

    @Test
    void llamaServerSendsNameAndFirstArgumentsTogether() throws Exception {
        HeardAnswer answer = heard(RemoteDialect.LLAMA_CPP, chat("weather?"), "llama-server-tool-call");
        assertThat(answer.await()).isEqualTo(new FinishedCompletion(FinishReason.STOP, 369, 34, 0));
        assertThat(answer.text())
                .isEqualTo("<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\", \"days\": 3}}\n"
                        + "</tool_call>");
        assertThat(answer.pieces().getFirst())
                .extracting(TextDelta::text)
                .asString()
                .endsWith("\"arguments\": {");
    }

    @Test
    void llamaServerTellsBytesAndIdsOfTokens() throws Exception {
        HeardAnswer answer = heard(RemoteDialect.LLAMA_CPP, chat("你好"), "llama-server-chat");
        assertThat(answer.await()).isEqualTo(new FinishedCompletion(FinishReason.LENGTH, 41, 12, 26));
        assertThat(answer.text()).isEqualTo("🗼🗼🗼🗼");
        assertThat(answer.logprobs()).extracting(TokenLogprob::token).containsOnly(137);
        assertThat(answer.logprobs().getFirst().top().getFirst().bytes()).containsExactly(0xBC);
    }

    @Test
    void llamaServerTellsUsageOfTextsInTheLastPiece() throws Exception {
        HeardAnswer answer =
                heard(RemoteDialect.LLAMA_CPP, new Prompt.Text("The capital of France is"), "llama-server-text");
        assertThat(answer.await()).isEqualTo(new FinishedCompletion(FinishReason.LENGTH, 5, 3, 0));
        assertThat(answer.text()).isEqualTo(" Paris.\n");
        assertThat(answer.logprobs().getFirst().token()).isEqualTo(7042);
        assertThat(answer.logprobs().getFirst().top()).hasSize(2);
    }
}

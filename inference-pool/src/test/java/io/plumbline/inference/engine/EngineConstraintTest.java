package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.Grammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.Node;
import io.plumbline.inference.grammar.TokenVocabulary;
import io.plumbline.inference.grammar.json.JsonSchemaGrammar;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.InferenceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers that have to have a form, from a model whose weights are random, so that nothing but the mask holds them to it. */
class EngineConstraintTest extends EngineFixture {
    private static final JsonMapper JSON = new JsonMapper();

    private CompiledGrammar schema(String source) throws JsonProcessingException {
        return compiled(JsonSchemaGrammar.of(JSON.readTree(source), true));
    }

    private CompiledGrammar compiled(Grammar grammar) {
        return new CompiledGrammar(grammar, TokenVocabulary.of(tokenizer), GrammarLimits.defaults());
    }

    private CollectingListener submit(TestRequest request, CompiledGrammar grammar) {
        CollectingListener listener = new CollectingListener();
        engine.submit(request.grammar(grammar).build(), listener);
        return listener;
    }

    @Test
    void theAnswerSatisfiesTheSchemaWhateverTheSettings() throws JsonProcessingException {
        CompiledGrammar grammar = schema("""
                {"type": "object", "properties": {"name": {"type": "string", "maxLength": 6},
                  "age": {"type": "integer", "minimum": 0, "maximum": 120}, "tags": {"type": "array", "maxItems": 2,
                  "items": {"enum": ["red", "green"]}}}, "required": ["name", "age", "tags"]}
                """);
        for (int seed = 0; seed < 30; seed++) {
            TestRequest request = request(HOSPITAL, prompt(seed, 6)).maxTokens(400);
            CollectingListener answer =
                    submit(seed % 3 == 0 ? request : request.temperature(0.5 + seed % 5, seed), grammar);
            assertThat(answer.await().reason()).isEqualTo(FinishReason.STOP);
            JsonNode json = JSON.readTree(answer.text());
            assertThat(json.get("age").intValue()).isBetween(0, 120);
            assertThat(json.get("name")
                            .textValue()
                            .codePointCount(0, json.get("name").textValue().length()))
                    .isLessThanOrEqualTo(6);
            assertThat(json.get("tags").size()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void anAnswerCutAtTheLimitSaysSo() throws JsonProcessingException {
        CollectingListener answer = submit(
                request(HOSPITAL, prompt(1, 6)).maxTokens(5), schema("{\"type\": \"string\", \"minLength\": 100}"));
        assertThat(answer.await().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.text()).startsWith("\"");
    }

    @Test
    void aCompleteAnswerNeedsNoEndToken() {
        CollectingListener answer =
                submit(request(HOSPITAL, prompt(2, 6)).maxTokens(50), compiled(Grammar.of(Node.literal("yes"))));
        assertThat(answer.await().reason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.text()).isEqualTo("yes");
        assertThat(answer.await().completionTokens()).isEqualTo(answer.tokens().length);
    }

    /** Masks are shared and the engine batches, and yet a seed gives the same answer whoever else is there. */
    @Test
    void coTenantsAndGrammarsDoNotChangeAnAnswer() throws JsonProcessingException {
        String source =
                "{\"type\": \"array\", \"minItems\": 2, \"maxItems\": 5, \"items\": {\"type\": \"string\", \"maxLength\": 8}}";
        CompiledGrammar grammar = schema(source);
        TestRequest request =
                request(HOSPITAL, prompt(3, 9)).temperature(1.2, 42).maxTokens(200);
        CollectingListener alone = submit(request, schema(source));
        alone.await();
        Random random = new Random(4);
        for (int round = 0; round < 5; round++) {
            List<CollectingListener> others = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                TestRequest other = randomRequestOfBase(random);
                others.add(random.nextBoolean() ? submit(other, grammar) : submit(other));
            }
            CollectingListener together = submit(request, grammar);
            together.await();
            assertThat(together.tokens()).isEqualTo(alone.tokens());
            assertThat(together.probabilities()).isEqualTo(alone.probabilities());
            others.forEach(CollectingListener::await);
        }
    }

    private static TestRequest randomRequestOfBase(Random random) {
        return request(random.nextBoolean() ? HOSPITAL : BROKER, prompt(random.nextInt(1000), 1 + random.nextInt(40)))
                .temperature(1, random.nextLong())
                .maxTokens(1 + random.nextInt(40));
    }

    @Test
    void aFormThatTheVocabularyCannotWriteFailsThatRequestAlone() {
        List<byte[]> letters = new ArrayList<>();
        for (int token = 0; token < tokenizer.size(); token++) {
            letters.add(token == 10 ? "ab".getBytes(StandardCharsets.UTF_8) : new byte[0]);
        }
        CompiledGrammar grammar = new CompiledGrammar(
                Grammar.of(Node.literal("abc")), new TokenVocabulary(letters, new int[0]), GrammarLimits.defaults());
        CollectingListener failing = submit(request(HOSPITAL, prompt(5, 6)).maxTokens(9), grammar);
        CollectingListener other = submit(request(BROKER, prompt(6, 6)).maxTokens(9));
        assertThatThrownBy(failing::await)
                .isInstanceOf(InferenceException.InvalidConstraint.class)
                .hasMessageContaining("vocabulary has no token");
        assertThat(other.await().reason()).isEqualTo(FinishReason.LENGTH);
        awaitIdle();
    }
}

package io.plumbline.inference.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConstraintCompilerTest {
    private Tokenizer tokenizer;
    private ConstraintCompiler compiler;

    @BeforeEach
    void open() throws IOException {
        GgufFile file = GgufFile.open(TestModels.path("llama-untied.F32.gguf"));
        tokenizer = GgufTokenizers.of(file.metadata());
        compiler = new ConstraintCompiler(tokenizer, GrammarLimits.defaults());
    }

    @Test
    void anyTextNeedsNoGrammar() {
        assertThat(compiler.compile(OutputConstraint.free())).isEmpty();
    }

    @Test
    void equalConstraintsShareAGrammar() {
        CompiledGrammar first = regex("[ab]+");
        assertThat(regex("[ab]+")).isSameAs(first);
        assertThat(regex("[ba]+")).isNotSameAs(first);
    }

    @Test
    void thoseUsedLongAgoAreForgotten() {
        CompiledGrammar first = regex("[ab]+");
        CompiledGrammar second = regex("[cd]+");
        for (int i = 0; i < 31; i++) {
            regex("[ab]{%d}".formatted(i + 2));
            assertThat(regex("[ab]+")).isSameAs(first);
        }
        assertThat(regex("[cd]+")).isNotSameAs(second);
    }

    @Test
    void thoseThatTakeTooMuchMemoryTogetherAreForgottenButForTheLast() {
        long one = regex("[ab]{30}").bytes();
        assertThat(one).isPositive();
        compiler = new ConstraintCompiler(tokenizer, GrammarLimits.defaults(), one + one / 2);
        CompiledGrammar first = regex("[ab]{30}");
        assertThat(regex("[ab]{30}")).isSameAs(first);
        CompiledGrammar second = regex("[cd]{30}");
        assertThat(regex("[cd]{30}")).isSameAs(second);
        assertThat(regex("[ab]{30}")).isNotSameAs(first);
    }

    @Test
    void aRefusalIsToldEveryTime() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> regex("(?=a)"))
                    .isInstanceOf(InferenceException.InvalidConstraint.class)
                    .hasMessageContaining("lookaround");
        }
        assertThatThrownBy(() -> compiler.compile(new OutputConstraint.JsonSchema("{\"type\":", true)))
                .hasMessageContaining("The schema is not JSON");
        assertThatThrownBy(() -> compiler.compile(new OutputConstraint.OneOf(List.of("a", ""))))
                .hasMessageContaining("The choices are 1 to 10000 texts");
    }

    private CompiledGrammar regex(String expression) {
        return compiler.compile(new OutputConstraint.Regex(expression)).orElseThrow();
    }
}

package io.plumbline.platform.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WordPieceTest {
    private static final int SEPARATOR = 102;

    private static WordPiece tokenizer;

    @BeforeAll
    static void read() throws IOException {
        tokenizer = EmbeddingModel.tokenizer();
    }

    @Test
    void tokensAreThoseOfTheReference() {
        List<Reference> references = Reference.all();

        assertThat(references).hasSize(30);
        for (Reference reference : references) {
            assertThat(tokenizer.encode(reference.text())).as(reference.text()).isEqualTo(reference.ids());
        }
    }

    @Test
    void abbreviationsInCapitalsAreTold() {
        assertThat(tokenizer.encode("CT检查")).isNotEqualTo(tokenizer.encode("MRI检查"));
        assertThat(tokenizer.encode("CT检查")).isEqualTo(tokenizer.encode("ct检查"));
    }

    @Test
    void aTextCannotContainSpecialTokens() {
        assertThat(tokenizer.encode("a [SEP] b")).containsOnlyOnce(SEPARATOR).hasSizeGreaterThan(5);
    }

    @Test
    void nothingToReadIsTwoTokens() {
        for (String text : List.of("", "  \t\n", "\u0000\u200b\ufffd", "\u3000")) {
            assertThat(tokenizer.encode(text)).hasSize(EmbeddingModel.SPECIAL_TOKENS);
        }
    }

    @Test
    void anotherTokenizerIsRefused() {
        assertThatThrownBy(() -> WordPiece.read(
                        new ByteArrayInputStream("{\"model\": {\"type\": \"BPE\"}}".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("WordPiece");
    }
}

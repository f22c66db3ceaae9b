package io.plumbline.platform.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmbeddingModelTest {
    private static EmbeddingModel model;

    @BeforeAll
    static void load() {
        model = EmbeddingModel.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static float[] embed(String text) {
        return model.embed(model.tokens(text));
    }

    /** 8-bit products are summed differently on other processors, so not to the bit. */
    @Test
    void vectorsAreThoseOfTheReference() {
        List<Reference> references =
                Reference.all().stream().filter(r -> r.vector().isPresent()).toList();

        assertThat(references).hasSize(10);
        for (Reference reference : references) {
            float[] vector = embed(reference.text());
            assertThat(vector).hasSize(EmbeddingModel.DIMENSIONS);
            assertThat(Reference.cosine(vector, vector)).isCloseTo(1, within(1e-6));
            assertThat(Reference.cosine(vector, reference.vector().orElseThrow()))
                    .as(reference.text())
                    .isGreaterThan(0.999);
        }
    }

    @Test
    void whatMeansTheSameIsNear() {
        float[] question = embed("膝关节置换术后第三天可以做哪些康复训练？");

        double same = Reference.cosine(question, embed("膝盖换关节手术后三天能做什么锻炼"));
        double other = Reference.cosine(question, embed("轴承温度过高的常见原因有哪些？"));
        assertThat(same).isCloseTo(0.864, within(0.02)); // both as the reference has them
        assertThat(other).isCloseTo(0.326, within(0.02));
    }

    @Test
    void aTextOfFullLengthIsRead() {
        int[] tokens = model.tokens("好".repeat(EmbeddingModel.MAX_TOKENS - EmbeddingModel.SPECIAL_TOKENS));

        assertThat(tokens).hasSize(EmbeddingModel.MAX_TOKENS);
        assertThat(model.embed(tokens)).hasSize(EmbeddingModel.DIMENSIONS);
    }

    @Test
    void neighboursChangeNoBit() throws InterruptedException {
        List<String> texts = Reference.all().stream().map(Reference::text).toList();
        List<float[]> alone = texts.stream().map(EmbeddingModelTest::embed).toList();
        try (EmbeddingWorkers workers = new EmbeddingWorkers(4, 8)) {
            List<float[]> together =
                    workers.compute(3 * texts.size(), i -> embed(texts.get(i % texts.size())), () -> false);

            IntStream.range(0, together.size())
                    .forEach(i -> assertThat(together.get(i)).isEqualTo(alone.get(i % texts.size())));
        }
    }
}

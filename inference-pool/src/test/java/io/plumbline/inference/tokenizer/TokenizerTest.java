package io.plumbline.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    /** Text and tokens by llama.cpp for the tiny model. */
    private static final String EXAMPLE = "The loan is repaid.  x=1;\n合同 条款 é😀";

    private static final int[] EXAMPLE_TOKENS = {
        288, 281, 311, 284, 285, 316, 18, 225, 225, 92, 33, 21, 31, 203, 278, 235, 278, 239, 225, 167, 256, 99, 167,
        110, 127, 225, 132, 107, 177, 258, 251, 227
    };

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(TokenizerTest.class.getResource(name)).toURI());
    }

    private static Tokenizer fromGguf() throws IOException, URISyntaxException {
        try (GgufFile file = GgufFile.open(resource("/weights/tiny-qwen3-q4_0.gguf"))) {
            return GgufTokenizers.of(file.metadata());
        }
    }

    private static Tokenizer fromJson() throws IOException, URISyntaxException {
        return HuggingFaceTokenizers.read(resource("/tokenizer/tiny-tokenizer.json"));
    }

    @Test
    void bothFilesGiveTheTokensOfTheReference() throws IOException, URISyntaxException {
        assertThat(fromGguf().encode(EXAMPLE, false, false)).containsExactly(EXAMPLE_TOKENS);
        assertThat(fromJson().encode(EXAMPLE, false, false)).containsExactly(EXAMPLE_TOKENS);
        assertThat(fromGguf().decode(EXAMPLE_TOKENS, false)).isEqualTo(EXAMPLE);
    }

    @Test
    void specialTokensAreParsedOnlyWhereAskedFor() throws IOException, URISyntaxException {
        Tokenizer tokenizer = fromGguf();
        String text = "<|im_start|>a<|im_end|>";
        assertThat(tokenizer.encode(text, false, false)).doesNotContain(3, 4);
        int[] parsed = tokenizer.encode(text, true, false);
        assertThat(parsed).startsWith(3).endsWith(4).hasSize(3);
        assertThat(tokenizer.decode(parsed, false)).isEqualTo("a");
        assertThat(tokenizer.decode(parsed, true)).isEqualTo(text);
        assertThat(tokenizer.isEndOfGeneration(4)).isTrue();
        assertThat(tokenizer.isEndOfGeneration(3)).isFalse();
    }

    @Test
    void theStreamingDecoderNeverEmitsHalfACharacter() throws IOException, URISyntaxException {
        Tokenizer tokenizer = fromGguf();
        StreamingDecoder decoder = tokenizer.streamingDecoder(false);
        StringBuilder text = new StringBuilder();
        for (int token : EXAMPLE_TOKENS) {
            String delta = decoder.accept(token);
            assertThat(delta).doesNotContain("\uFFFD");
            text.append(delta);
        }
        assertThat(text.append(decoder.finish())).hasToString(EXAMPLE);

        int[] smile = tokenizer.encode("😀", false, false);
        assertThat(smile.length).isGreaterThan(1);
        assertThat(decoder.accept(smile[0])).isEmpty();
        assertThat(decoder.finish()).isEqualTo("\uFFFD");
        assertThat(decoder.accept(tokenizer.encode("a", false, false)[0])).isEqualTo("a");
    }

    /** The heap against the textbook: rescan all pairs, merge the leftmost of the lowest rank, repeat. */
    @Test
    void mergesLikeTheTextbook() throws IOException, URISyntaxException {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            MergeTable table = new MergeTable(64);
            List<int[]> merges = new ArrayList<>();
            for (int rank = 0; rank < 40; rank++) {
                int[] merge = {random.nextInt(20), random.nextInt(20), rank, 4 + random.nextInt(16)};
                table.add(merge[0], merge[1], rank, merge[3]);
                merges.add(merge);
            }
            int[] symbols = random.ints(random.nextInt(1, 30), 0, 4).toArray();
            int[] ends = new int[symbols.length];
            Arrays.setAll(ends, i -> i + 1);
            MergeChain chain = new MergeChain(symbols.clone(), ends, (left, right, start, end) -> {
                int slot = table.find(left, right);
                return slot < 0 ? MergeRule.NO_MERGE : ((long) table.rank(slot) << 32) | table.result(slot);
            });
            chain.mergeAll();
            List<Integer> actual = new ArrayList<>();
            for (int symbol = 0; symbol != -1; symbol = chain.next(symbol)) {
                actual.add(chain.token(symbol));
            }
            assertThat(actual).isEqualTo(textbook(symbols, merges));
        }
    }

    private static List<Integer> textbook(int[] symbols, List<int[]> merges) {
        List<Integer> chain = new ArrayList<>(Arrays.stream(symbols).boxed().toList());
        while (true) {
            int best = -1;
            int[] bestMerge = {0, 0, Integer.MAX_VALUE, 0};
            for (int i = 0; i + 1 < chain.size(); i++) {
                for (int[] merge : merges) {
                    if (merge[0] == chain.get(i) && merge[1] == chain.get(i + 1)) {
                        if (merge[2] < bestMerge[2]) {
                            best = i;
                            bestMerge = merge;
                        }
                        break; // of two merges of a pair the first counts
                    }
                }
            }
            if (best < 0) {
                return chain;
            }
            chain.set(best, bestMerge[3]);
            chain.remove(best + 1);
        }
    }

    private static Tokenizer sentencePiece(boolean spacePrefix) {
        List<String> texts = new ArrayList<>(List.of("<unk>", "<bos>", "a", "b", "ab", "\u2581", "\u2581ab", "<tag>"));
        TokenKind[] kinds = new TokenKind[texts.size() + 256];
        Arrays.fill(kinds, TokenKind.NORMAL);
        kinds[0] = TokenKind.UNKNOWN;
        kinds[1] = TokenKind.CONTROL;
        kinds[7] = TokenKind.USER_DEFINED;
        for (int b = 0; b < 256; b++) {
            kinds[texts.size()] = TokenKind.BYTE;
            texts.add(SentencePieceBpe.byteSpelling(b));
        }
        Vocabulary vocabulary = Vocabulary.of(texts, kinds);
        float[] scores = new float[texts.size()];
        scores[6] = -2;
        scores[4] = -1;
        return new Tokenizer(
                vocabulary,
                new SentencePieceBpe(vocabulary, SentencePieceBpe.byScores(vocabulary, scores), 0),
                new Tokenizer.Framing(OptionalInt.of(1), OptionalInt.empty(), true, false, spacePrefix));
    }

    @Test
    void mergesByScoreAndSpellsUnknownCharactersInBytes() {
        Tokenizer tokenizer = sentencePiece(false);
        assertThat(tokenizer.encode("ab abé", false, true)).containsExactly(1, 4, 6, 8 + 0xC3, 8 + 0xA9);
        assertThat(tokenizer.decode(new int[] {1, 4, 6, 8 + 0xC3, 8 + 0xA9}, false))
                .isEqualTo("ab abé");
        assertThat(tokenizer.encode("a<tag>b", false, false)).containsExactly(2, 7, 3);
    }

    @Test
    void theSpaceInFrontIsAddedAndTakenAway() {
        Tokenizer tokenizer = sentencePiece(true);
        assertThat(tokenizer.encode("ab", false, false)).containsExactly(6);
        assertThat(tokenizer.decode(new int[] {6, 6}, false)).isEqualTo("ab ab");
    }

    @Test
    void longRunsTakeNoQuadraticTime() throws IOException, URISyntaxException {
        Tokenizer bytes = fromGguf();
        Tokenizer scores = sentencePiece(false);
        for (String run : List.of("a", " ", "\n", "<", "1", "ab", "😀")) { // quadratic would take hours
            String text = run.repeat(200_000);
            assertThat(bytes.decode(bytes.encode(text, true, false), true)).isEqualTo(text);
            assertThat(scores.decode(scores.encode(text, true, false), true)).isEqualTo(text);
        }
    }

    @Test
    void anyTextComesBack() throws IOException, URISyntaxException {
        Tokenizer tokenizer = fromGguf();
        Random random = new Random(6);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 1, 0x11000)
                    .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    .forEach(text::appendCodePoint);
            assertThat(tokenizer.decode(tokenizer.encode(text.toString(), false, false), false))
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void refusesATokenizerItWouldGetWrong(@TempDir Path folder) throws IOException, URISyntaxException {
        Path file = folder.resolve("tokenizer.json");
        String original = Files.readString(resource("/tokenizer/tiny-tokenizer.json"));
        for (String[] change : new String[][] {
            {"\"type\": \"BPE\"", "\"type\": \"WordPiece\""},
            {"\"normalizer\": null", "\"normalizer\": {\"type\": \"NFKC\"}"},
            {"\"add_prefix_space\": false", "\"add_prefix_space\": true"},
        }) {
            assertThat(original).contains(change[0]);
            Files.writeString(file, original.replace(change[0], change[1]), StandardCharsets.UTF_8);
            assertThatThrownBy(() -> HuggingFaceTokenizers.read(file))
                    .isInstanceOf(BrokenModelFileException.class)
                    .hasMessageContaining("is not supported");
        }
    }

    @Test
    void exactOnTheRealModelWhereItsFileIsAtHand() throws IOException, URISyntaxException {
        String models = System.getenv("PLUMBLINE_MODELS");
        Path model = Path.of(models == null ? "." : models, "smollm2-135m-instruct.gguf");
        Assumptions.assumeTrue(
                Files.exists(model), "skipped: PLUMBLINE_MODELS names no folder with smollm2-135m-instruct.gguf");
        List<GoldenResult> results = new ArrayList<>();
        Path folder = resource("/golden/real");
        new TextGoldenSuite().run(folder, new GoldenOptions(folder, "auto", Map.of("smollm2", model)), results::add);
        assertThat(results).hasSize(150 + 45).allSatisfy(result -> assertThat(result.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Compared.class, c -> assertThat(c.passed()).isTrue()));
    }
}

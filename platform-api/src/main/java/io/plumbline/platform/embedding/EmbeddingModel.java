package io.plumbline.platform.embedding;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;

/**
 * BAAI bge-small-zh-v1.5 (MIT), quantised to 8 bits: Chinese, lower-case Latin letters known, 24 million parameters. Vectors
 * are the state of {@code [CLS]}, of length 1. Thread-safe.
 */
final class EmbeddingModel implements AutoCloseable {
    /** The name callers use. */
    static final String ID = "bge-small-zh-v1.5";
    /** Length of a vector. */
    static final int DIMENSIONS = 512;
    /** Most tokens of one text, {@code [CLS]} and {@code [SEP]} included: the positions the model was trained with. */
    static final int MAX_TOKENS = 512;
    /** Tokens of a text without anything to read. */
    static final int SPECIAL_TOKENS = 2;

    private static final String MODEL = "/bge-small-zh-v1.5-q.onnx";
    private static final String TOKENIZER = "/bge-small-zh-v1.5-q-tokenizer.json";

    private final WordPiece tokenizer;
    private final OnnxEncoder encoder;

    private EmbeddingModel(WordPiece tokenizer, OnnxEncoder encoder) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
    }

    /**
     * Loads it from the class path, in about half a second.
     *
     * @throws EmbeddingsUnavailable if ONNX Runtime does not work on this machine
     */
    static EmbeddingModel load() {
        try {
            return new EmbeddingModel(tokenizer(), new OnnxEncoder(resource(MODEL), DIMENSIONS));
        } catch (OrtException | IOException | LinkageError e) {
            throw new EmbeddingsUnavailable(e);
        }
    }

    static WordPiece tokenizer() throws IOException {
        try (InputStream in = open(TOKENIZER)) {
            return WordPiece.read(in);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = EmbeddingModel.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException(name + " is not on the class path");
        }
        return in;
    }

    /** @return shape (tokens), special tokens included */
    int[] tokens(String text) {
        return tokenizer.encode(text);
    }

    /** @return shape ({@link #DIMENSIONS}) */
    float[] embed(int[] tokens) {
        try {
            return encoder.encode(tokens);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed on %d tokens".formatted(tokens.length), e);
        }
    }

    @Override
    public void close() {
        try {
            encoder.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close its session", e);
        }
    }
}

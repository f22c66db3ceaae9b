package io.plumbline.platform.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * A BERT encoder in ONNX: token ids to the normalised state of {@code [CLS]}. One text a run: the file quantises
 * activations with one scale for a whole batch, so neighbours and padding would change a text's vector. Thread-safe.
 */
final class OnnxEncoder implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int dimensions;

    /**
     * @param model content of an ONNX file with inputs {@code input_ids, attention_mask, token_type_ids} (1, tokens) and
     *     output {@code last_hidden_state} (1, tokens, dimensions)
     * @throws OrtException if the file does not fit this runtime
     */
    OnnxEncoder(byte[] model, int dimensions) throws OrtException {
        this.dimensions = dimensions;
        this.environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "plumbline");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // One thread a text: sums keep their order, and texts run side by side instead.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            this.session = environment.createSession(model, options);
        }
    }

    /**
     * @param ids shape (tokens)
     * @return shape (dimensions), length 1; the same bits for the same ids on the same machine
     * @throws OrtException if the runtime fails
     */
    float[] encode(int[] ids) throws OrtException {
        long[][] tokens = {Arrays.stream(ids).asLongStream().toArray()};
        long[][] mask = {new long[ids.length]};
        Arrays.fill(mask[0], 1);
        long[][] types = {new long[ids.length]};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, tokens);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
                OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", idTensor, "attention_mask", maskTensor, "token_type_ids", typeTensor))) {
            FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer(); // (1, tokens, dimensions)
            float[] first = new float[dimensions];
            states.get(first);
            return normalised(first);
        }
    }

    private static float[] normalised(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}

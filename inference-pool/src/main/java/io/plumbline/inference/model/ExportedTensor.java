package io.plumbline.inference.model;

import io.plumbline.inference.weights.RopePermutation;
import io.plumbline.inference.weights.WeightTensor;
import java.util.List;

/**
 * A tensor on its way into a GGUF file.
 *
 * @param name its name there
 * @param source where its values come from
 * @param interleavedHeads heads whose rows change from Hugging Face order to interleaved order; 0 = rows stay
 * @param offset what is added to every value
 */
public record ExportedTensor(String name, WeightTensor source, int interleavedHeads, float offset) {
    /** A tensor whose values stay as they are. */
    static ExportedTensor unchanged(String name, WeightTensor source) {
        return new ExportedTensor(name, source, 0, 0);
    }

    public List<Long> dimensions() {
        return source.dimensions();
    }

    /** Whether the stored bytes can be taken over if the format stays. */
    public boolean isUnchanged() {
        return interleavedHeads == 0 && offset == 0;
    }

    /** A range of rows as the GGUF file has them; a vector is one row. */
    public float[] floatRows(int first, int count) {
        float[] values = source.dimensions().size() < 2 ? vector() : matrixRows(first, count);
        if (offset != 0) {
            for (int i = 0; i < values.length; i++) {
                values[i] += offset;
            }
        }
        return values;
    }

    private float[] vector() {
        float[] values = source.floatRows(0, 1);
        return interleavedHeads == 0 ? values : RopePermutation.toInterleaved(values, 1, interleavedHeads);
    }

    private float[] matrixRows(int first, int count) {
        if (interleavedHeads == 0) {
            return source.floatRows(first, count);
        }
        int columns = source.columns();
        int headRows = source.rows() / interleavedHeads;
        float[] values = new float[count * columns];
        for (int row = 0; row < count; row++) {
            float[] moved = source.floatRows(RopePermutation.rowInHalves(first + row, headRows), 1);
            System.arraycopy(moved, 0, values, row * columns, columns);
        }
        return values;
    }
}

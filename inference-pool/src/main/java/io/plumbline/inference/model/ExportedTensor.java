package io.plumbline.inference.model;

import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.weights.RopePermutation;
import io.plumbline.inference.weights.WeightTensor;
import java.util.List;

/**
 * A tensor on its way into a GGUF file.
 *
 * @param name its name there
 * @param dimensions its shape there, outermost first
 * @param sources where its values come from: one tensor, or equal ones that are stacked
 * @param interleavedHeads heads whose rows change from Hugging Face order to interleaved order; 0 = rows stay
 * @param offset what is added to every value
 */
public record ExportedTensor(
        String name, List<Long> dimensions, List<WeightTensor> sources, int interleavedHeads, float offset) {
    public ExportedTensor {
        dimensions = List.copyOf(dimensions);
        sources = List.copyOf(sources);
    }

    /** One tensor. */
    static ExportedTensor of(String name, WeightTensor source, int interleavedHeads, float offset) {
        return new ExportedTensor(name, source.dimensions(), List.of(source), interleavedHeads, offset);
    }

    /** A tensor whose values stay as they are. */
    static ExportedTensor unchanged(String name, WeightTensor source) {
        return of(name, source, 0, 0);
    }

    /** Length of a row. */
    public int columns() {
        return sources.getFirst().columns();
    }

    /** Number of rows; a vector is one row. */
    public int rows() {
        return Math.multiplyExact(rowsOfSource(), sources.size());
    }

    /** How the values are stored now. */
    public QuantFormat format() {
        return sources.getFirst().format();
    }

    /** Its name where it comes from. */
    public String sourceName() {
        return sources.getFirst().name();
    }

    /** Whether the stored bytes can be taken over if the format stays. */
    public boolean isUnchanged() {
        return interleavedHeads == 0 && offset == 0 && sources.size() == 1;
    }

    /** A range of rows as they are stored, of a tensor that {@linkplain #isUnchanged stays as it is}. */
    public byte[] storedRows(int first, int count) {
        return sources.getFirst().storedRows(first, count);
    }

    /** A range of rows as the GGUF file has them. */
    public float[] floatRows(int first, int count) {
        float[] values = dimensions.size() < 2 ? vector() : matrixRows(first, count);
        if (offset != 0) {
            for (int i = 0; i < values.length; i++) {
                values[i] += offset;
            }
        }
        return values;
    }

    private float[] vector() {
        float[] values = sources.getFirst().floatRows(0, 1);
        return interleavedHeads == 0 ? values : RopePermutation.toInterleaved(values, 1, interleavedHeads);
    }

    private float[] matrixRows(int first, int count) {
        if (isUnchanged()) {
            return sources.getFirst().floatRows(first, count);
        }
        float[] values = new float[Math.multiplyExact(count, columns())];
        for (int row = 0; row < count; row++) {
            int inSource = (first + row) % rowsOfSource();
            int stored = interleavedHeads == 0
                    ? inSource
                    : RopePermutation.rowInHalves(inSource, rowsOfSource() / interleavedHeads);
            float[] moved = sources.get((first + row) / rowsOfSource()).floatRows(stored, 1);
            System.arraycopy(moved, 0, values, row * columns(), columns());
        }
        return values;
    }

    private int rowsOfSource() {
        return sources.getFirst().rows();
    }
}

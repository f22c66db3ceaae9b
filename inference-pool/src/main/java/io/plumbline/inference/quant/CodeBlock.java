package io.plumbline.inference.quant;

/**
 * A block of a quantised format as integers: element j is {@code scale[g]·code[j] - minimum[g]} with g = j / group, each
 * operation rounded to float32. Integer dot products read codes and scales apart. Reused from block to block.
 */
public final class CodeBlock {
    private final int[] codes = new int[SuperBlock.ELEMENTS];
    private final float[] scales = new float[SuperBlock.ELEMENTS / 16];
    private final float[] minima = new float[SuperBlock.ELEMENTS / 16];
    private int elements;
    private int group;
    private boolean hasMinima;

    /**
     * Reads one block.
     *
     * @throws IllegalArgumentException if the format has no codes (F32, F16, BF16)
     */
    public void read(QuantFormat format, byte[] b, int at) {
        switch (format) {
            case F32, F16, BF16 -> throw new IllegalArgumentException(format + " has no codes");
            case Q4_0 -> SmallBlock.Q4_0.read(b, at, this);
            case Q4_1 -> SmallBlock.Q4_1.read(b, at, this);
            case Q5_0 -> SmallBlock.Q5_0.read(b, at, this);
            case Q5_1 -> SmallBlock.Q5_1.read(b, at, this);
            case Q8_0 -> SmallBlock.Q8_0.read(b, at, this);
            case Q2_K -> SuperBlock.q2k(b, at, this);
            case Q3_K -> SuperBlock.q3k(b, at, this);
            case Q4_K -> SuperBlock.q4k(b, at, this);
            case Q5_K -> SuperBlock.q5k(b, at, this);
            case Q6_K -> SuperBlock.q6k(b, at, this);
            case IQ4_NL -> SuperBlock.iq4nl(b, at, this);
            case IQ4_XS -> SuperBlock.iq4xs(b, at, this);
        }
    }

    /** The integer that stands for element j; 0 stands for {@code -minimum}. */
    public int code(int j) {
        return codes[j];
    }

    /** Factor of group g. */
    public float scale(int g) {
        return scales[g];
    }

    /** What is subtracted in group g; +0 where the format has no minima. */
    public float minimum(int g) {
        return minima[g];
    }

    /** Elements per scale: 16 or 32. */
    public int group() {
        return group;
    }

    /** Whether the format has minima at all. */
    public boolean hasMinima() {
        return hasMinima;
    }

    /** Elements in the block. */
    public int elements() {
        return elements;
    }

    /** Writes the values of all elements. */
    void toFloats(float[] y, int to) {
        for (int j = 0; j < elements; j++) {
            y[to + j] = scales[j / group] * codes[j] - minima[j / group];
        }
    }

    void begin(int elementsPerBlock, int elementsPerGroup, boolean withMinima) {
        elements = elementsPerBlock;
        group = elementsPerGroup;
        hasMinima = withMinima;
    }

    void group(int g, float scale, float minimum) {
        scales[g] = scale;
        minima[g] = minimum;
    }

    void code(int j, int code) {
        codes[j] = code;
    }
}

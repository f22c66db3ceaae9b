package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.host.LogitPasses;
import org.openjdk.jmh.annotations.Param;

/** The passes of sampling over a row of logits, which lies in a cache; on one thread, as each stream draws its token. */
public class SamplingBenchmark extends KernelBenchmark {
    private static final double TEMPERATURE = 0.7;
    /** Multiplications, additions and the like for the exponential of an element: a series of twelve terms. */
    private static final double WEIGHT_OPERATIONS = 2 * 15;

    /** Which of them. */
    public enum Pass {
        MAXIMA,
        WEIGHT_SUMS
    }

    @Param({"MAXIMA", "WEIGHT_SUMS"})
    public Pass pass = Pass.MAXIMA;

    @Param({"49152", "262144"})
    public int vocabulary;

    @Override
    int threads() {
        return 1;
    }

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        float[] logits = on.values(vocabulary);
        LogitPasses passes = on.logitPasses();
        return switch (pass) {
            case MAXIMA -> maxima(passes, logits);
            case WEIGHT_SUMS -> weightSums(passes, logits);
        };
    }

    private Prepared maxima(LogitPasses passes, float[] logits) {
        int tiles = Math.ceilDiv(vocabulary, LogitPasses.TILE);
        float[] maxima = new float[tiles * LogitPasses.COLUMNS];
        float[] tileMaxima = new float[tiles];
        var cost = Cost.streamed(0, Cost.Resident.of(4.0 * vocabulary, 4.0 * maxima.length), vocabulary);
        return Prepared.of(
                () -> passes.maxima(logits, maxima, tileMaxima), new Prepared.Output(_ -> maxima.clone(), true), cost);
    }

    private Prepared weightSums(LogitPasses passes, float[] logits) {
        double[] sums = new double[Math.ceilDiv(vocabulary, LogitPasses.WEIGHT_ROW)];
        float largest = 0;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double limit = largest;
        // In double precision: each counts as two.
        var cost = Cost.streamed(
                0, Cost.Resident.of(4.0 * vocabulary, 8.0 * sums.length), 2 * WEIGHT_OPERATIONS * vocabulary);
        return Prepared.of(
                () -> passes.weightSums(logits, limit, 1 / TEMPERATURE, sums),
                new Prepared.Output(_ -> bits(sums), true),
                cost);
    }

    /** Each value in two parts, so that none of its bits is lost. */
    private static float[] bits(double... values) {
        float[] parts = new float[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            parts[2 * i] = (float) values[i];
            parts[2 * i + 1] = (float) (values[i] - parts[2 * i]);
        }
        return parts;
    }
}

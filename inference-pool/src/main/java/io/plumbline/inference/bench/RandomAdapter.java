package io.plumbline.inference.bench;

import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Adapters with random factors on all linear layers: as much work as trained ones. */
final class RandomAdapter {
    private static final double DEVIATION = 0.01;

    private RandomAdapter() {}

    /** An adapter; the same seed gives the same one. */
    static PeftAdapter of(ModelPlan plan, int rank, long seed) {
        Random random = new Random(seed);
        var layers = new TreeMap<AdapterSite, LowRankPair>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            for (ModulePlan module : plan.modules(layer)) {
                int in = module.in();
                int out = module.out();
                layers.put(
                        new AdapterSite(layer, module.module()),
                        new LowRankPair(in, out, rank, normal(random, rank * in), normal(random, out * rank)));
            }
        }
        return new PeftAdapter("bench", rank, 2.0 * rank, false, 0, layers);
    }

    /** What its factors take in memory as float32. */
    static long bytes(PeftAdapter adapter) {
        return adapter.layers().entrySet().stream()
                .map(Map.Entry::getValue)
                .mapToLong(pair -> (long) Float.BYTES * (pair.a().length + pair.b().length))
                .sum();
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * DEVIATION);
        }
        return values;
    }
}

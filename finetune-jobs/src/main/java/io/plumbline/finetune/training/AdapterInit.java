package io.plumbline.finetune.training;

import io.plumbline.finetune.artifact.AdapterTensor;
import java.util.List;
import java.util.Random;

/**
 * PEFT's initial adapter: A Kaiming-uniform with a = √5, which is U(-1/√in, 1/√in), and B zero, so that training starts
 * from the base model (He et al. 2015, arXiv 1502.01852; Hu et al. 2021, arXiv 2106.09685).
 */
final class AdapterInit {
    private static final List<String> PEFT_ORDER = TrainingSpec.LoraSettings.ALL_LINEAR;

    private AdapterInit() {}

    /** Fills A from the seed; each tensor has its own sequence, so the set of target modules does not shift others. */
    static void fill(TrainableAdapter adapter, int rank, long seed) {
        for (AdapterTensor tensor : adapter.tensors()) {
            if (tensor.factor() == AdapterTensor.Factor.A) {
                // Not the ordinal: the sequence must not change when the product learns of further projections.
                long index = tensor.layer() * 64L
                        + PEFT_ORDER.indexOf(tensor.projection().module());
                int in = adapter.elements(tensor) / rank;
                float[] values = kaiming(adapter.elements(tensor), in, Seeds.derive(~seed, index));
                adapter.write(TrainableAdapter.Content.PARAMETERS, tensor, values);
            }
        }
    }

    private static float[] kaiming(int elements, int in, long seed) {
        var random = new Random(seed);
        double bound = 1 / Math.sqrt(in);
        float[] values = new float[elements];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return values;
    }
}

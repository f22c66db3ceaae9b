package io.plumbline.finetune.training;

import io.plumbline.finetune.artifact.AdapterTensor;
import io.plumbline.finetune.artifact.LoraConfig;
import io.plumbline.inference.weights.LinearModule;
import java.util.List;
import java.util.Random;

/**
 * PEFT's initial adapter: A Kaiming-uniform with a = √5, which is U(-1/√in, 1/√in), and B zero, so that training starts
 * from the base model (He et al. 2015, arXiv 1502.01852; Hu et al. 2021, arXiv 2106.09685).
 */
final class AdapterInit {
    /** Only ever grows at its end: the place of a module is part of what a seed means. */
    private static final List<LinearModule> SEED_ORDER = List.of(
            LinearModule.Q_PROJ,
            LinearModule.K_PROJ,
            LinearModule.V_PROJ,
            LinearModule.O_PROJ,
            LinearModule.GATE_PROJ,
            LinearModule.UP_PROJ,
            LinearModule.DOWN_PROJ,
            LinearModule.QKV_PROJ,
            LinearModule.GATE_UP_PROJ,
            LinearModule.Q_A_PROJ,
            LinearModule.Q_B_PROJ,
            LinearModule.KV_A_PROJ_WITH_MQA,
            LinearModule.KV_B_PROJ);

    private AdapterInit() {}

    /** Fills A from the seed; each tensor has its own sequence, so the set of target modules does not shift others. */
    static void fill(TrainableAdapter adapter, LoraConfig config, long seed) {
        for (AdapterTensor tensor : adapter.tensors()) {
            if (tensor.factor() == AdapterTensor.Factor.A) {
                // Not the ordinal: the sequence must not change when the product learns of further modules.
                long index = tensor.layer() * 64L + SEED_ORDER.indexOf(tensor.module());
                int in = adapter.elements(tensor) / config.rank(tensor.site());
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

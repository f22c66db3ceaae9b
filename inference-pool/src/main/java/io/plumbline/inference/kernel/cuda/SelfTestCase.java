package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Locale;

/** Operations with fixed input, one per kind of arithmetic that a device could do otherwise. */
enum SelfTestCase {
    MULTIPLY_ADD {
        @Override
        float[] run(SelfTestArrays arrays) {
            Buffer y = arrays.values(COUNT, 2);
            arrays.backend().kernels().addScaled(COUNT, 0.1f, arrays.values(COUNT, 1), y);
            arrays.backend().kernels().scale(COUNT, 1.7f, y);
            return arrays.read(y);
        }
    },
    RMS_NORM {
        @Override
        float[] run(SelfTestArrays arrays) {
            Buffer out = arrays.zeros(ROWS * WIDTH);
            arrays.backend()
                    .kernels()
                    .rmsNorm(ROWS, WIDTH, 1e-5f, arrays.values(ROWS * WIDTH, 1), arrays.values(WIDTH, 2), out);
            return arrays.read(out);
        }
    },
    GATED_ACTIVATION {
        @Override
        float[] run(SelfTestArrays arrays) {
            Buffer out = arrays.zeros(COUNT);
            arrays.backend()
                    .kernels()
                    .gatedActivation(Activation.SILU, COUNT, arrays.values(COUNT, 1), arrays.values(COUNT, 2), out);
            return arrays.read(out);
        }
    },
    GATED_ACTIVATION_BACKWARD {
        @Override
        float[] run(SelfTestArrays arrays) {
            Buffer gate = arrays.values(COUNT, 1);
            Buffer dgate = arrays.zeros(COUNT);
            Buffer dup = arrays.zeros(COUNT);
            arrays.backend()
                    .kernels()
                    .gatedActivationBackward(
                            Activation.GELU_TANH,
                            COUNT,
                            gate,
                            arrays.values(COUNT, 2),
                            arrays.values(COUNT, 3),
                            dgate,
                            dup);
            return arrays.read(dgate, dup);
        }
    },
    FLOAT_PRODUCT {
        @Override
        float[] run(SelfTestArrays arrays) {
            return arrays.product(QuantFormat.Q4_0, ROWS, OUT, WIDTH, ActivationPrecision.FLOAT32);
        }
    },
    INTEGER_PRODUCT {
        @Override
        float[] run(SelfTestArrays arrays) {
            return arrays.product(QuantFormat.Q4_0, ROWS, OUT, WIDTH, ActivationPrecision.INT8);
        }
    },
    /** By another kernel, with minima. */
    INTEGER_PRODUCT_OF_MANY_ROWS {
        @Override
        float[] run(SelfTestArrays arrays) {
            return arrays.product(QuantFormat.Q4_K, 7 * ROWS, OUT, 512, ActivationPrecision.INT8);
        }
    },
    /** By another instruction of the tensor cores. */
    INTEGER_PRODUCT_OF_HALF_BLOCKS {
        @Override
        float[] run(SelfTestArrays arrays) {
            return arrays.product(QuantFormat.Q6_K, ROWS, OUT, 256, ActivationPrecision.INT8);
        }
    },
    ADAPTER {
        @Override
        float[] run(SelfTestArrays arrays) {
            LoraAdapter adapter =
                    new LoraAdapter(arrays.values(RANK * WIDTH, 1), arrays.values(OUT * RANK, 2), RANK, 0.5f);
            LoraBatch batch = new LoraBatch(WIDTH, OUT, new int[] {0, -1, 0}, List.of(adapter));
            Buffer y = arrays.values(ROWS * OUT, 3);
            arrays.backend().kernels().loraForward(batch, arrays.values(ROWS * WIDTH, 4), arrays.zeros(ROWS * RANK), y);
            return arrays.read(y);
        }
    },
    ATTENTION {
        @Override
        float[] run(SelfTestArrays arrays) {
            Buffer q = arrays.values(ROWS * 2 * HEAD, 1);
            Buffer k = arrays.values(ROWS * HEAD, 2);
            Buffer v = arrays.values(ROWS * HEAD, 3);
            Buffer out = arrays.zeros(ROWS * 2 * HEAD);
            Buffer dout = arrays.values(ROWS * 2 * HEAD, 4);
            Buffer dq = arrays.zeros(ROWS * 2 * HEAD);
            Buffer dk = arrays.zeros(ROWS * HEAD);
            Buffer dv = arrays.zeros(ROWS * HEAD);
            int[] sequenceStart = {0, ROWS};
            Kernels kernels = arrays.backend().kernels();
            kernels.attention(GROUPED, sequenceStart, q, k, v, out);
            kernels.attentionBackward(GROUPED, sequenceStart, q, k, v, dout, dq, dk, dv);
            return arrays.read(out, dq, dk, dv);
        }
    },
    CROSS_ENTROPY {
        @Override
        float[] run(SelfTestArrays arrays) {
            Buffer logits = arrays.values(ROWS * WIDTH, 1);
            Buffer loss = arrays.zeros(ROWS);
            arrays.backend().kernels().softmaxCrossEntropy(WIDTH, new int[] {5, -1, 90}, 0.3f, logits, loss);
            return arrays.read(logits, loss);
        }
    },
    OPTIMIZER {
        @Override
        float[] run(SelfTestArrays arrays) {
            Buffer parameters = arrays.values(COUNT, 1);
            Buffer first = arrays.zeros(COUNT);
            Buffer second = arrays.zeros(COUNT);
            AdamWStep step = new AdamWStep(1e-3, 0.9, 0.999, 1e-8, 0.01, 3, 0.7);
            arrays.backend().kernels().adamW(step, COUNT, parameters, arrays.values(COUNT, 2), first, second);
            return arrays.read(parameters, first, second);
        }
    };

    private static final int COUNT = 999;
    private static final int ROWS = 3;
    private static final int WIDTH = 96;
    private static final int OUT = 21;
    private static final int RANK = 5;
    private static final int HEAD = 32;
    /** Two heads of queries that share one of keys and values. */
    private static final AttentionShape GROUPED = new AttentionShape(2, 1, HEAD, 0.25f, 0);

    /** The result on a backend. */
    final float[] on(Backend backend) {
        try (SelfTestArrays arrays = new SelfTestArrays(backend)) {
            return run(arrays);
        }
    }

    abstract float[] run(SelfTestArrays arrays);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

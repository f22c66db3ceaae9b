package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.AclDataType;
import io.plumbline.ascend.acl.AscendDevice;
import io.plumbline.ascend.acl.DeviceBlock;
import io.plumbline.ascend.acl.DeviceThread;
import io.plumbline.ascend.acl.GrowingBlock;
import io.plumbline.ascend.acl.OperatorName;
import io.plumbline.ascend.acl.TensorView;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;

/** The operations that run on the device. They are submitted and run in order; reading a buffer waits for them. */
final class AscendKernels extends MissingKernels {
    private static final int HIGH_PRECISION = 0;

    private final DeviceThread thread;
    private final AscendDevice device;
    private final OperatorName matmul;
    private final GrowingBlock halfInput;
    private final GrowingBlock halfOutput;
    private final GrowingBlock normalised;
    private final GrowingBlock inverseNorms;

    /**
     * Kernels on an opened device.
     *
     * @param matmul the newest version of the weight-quantised matmul that toolkit and device have
     */
    AscendKernels(DeviceThread thread, AscendDevice device, OperatorName matmul) {
        this.thread = thread;
        this.device = device;
        this.matmul = matmul;
        this.halfInput = new GrowingBlock(device);
        this.halfOutput = new GrowingBlock(device);
        this.normalised = new GrowingBlock(device);
        this.inverseNorms = new GrowingBlock(device);
    }

    /**
     * The device multiplies float16 with integers: x is rounded to float16 before, y after. Scales of the block formats
     * are float16 already, so for each element {@code |error| ≤ 2⁻¹¹·Σ|x·w| + 2⁻¹¹·|y|}, but for the device's own sums.
     */
    @Override
    public void matmul(int rows, Buffer x, Weight w, Buffer y) {
        AscendBuffer input = (AscendBuffer) x;
        AscendBuffer output = (AscendBuffer) y;
        AscendWeight weight = (AscendWeight) w;
        thread.run(() -> {
            int k = weight.columns();
            TensorView half = TensorView.matrix(
                    halfInput.atLeast(AclDataType.FLOAT16.bytes((long) rows * k)), AclDataType.FLOAT16, rows, k);
            device.submit(OperatorName.CAST, input.matrix(rows, k), AclDataType.FLOAT16.number(), half);
            for (AscendWeight.Part part : weight.parts()) {
                multiply(rows, half, weight, part, output);
            }
        });
    }

    private void multiply(int rows, TensorView x, AscendWeight weight, AscendWeight.Part part, AscendBuffer output) {
        DeviceBlock block = halfOutput.atLeast(AclDataType.FLOAT16.bytes((long) rows * part.stored()));
        TensorView product = TensorView.matrix(block, AclDataType.FLOAT16, rows, part.stored());
        TensorView quants = weight.quants(part);
        TensorView scales = weight.groupSize() == 0
                ? TensorView.vector(part.scales(), AclDataType.FLOAT16, 0, part.stored())
                : weight.scales(part);
        if (matmul == OperatorName.WEIGHT_QUANT_MATMUL_V3) {
            device.submit(
                    matmul, x, quants, scales, null, null, null, null, weight.groupSize(), HIGH_PRECISION, product);
        } else {
            device.submit(matmul, x, quants, scales, null, null, null, null, weight.groupSize(), product);
        }
        TensorView wanted = TensorView.rows(block, AclDataType.FLOAT16, 0, rows, part.count(), part.stored());
        TensorView target = output.columns(rows, weight.rows(), part.from(), part.count());
        device.submit(OperatorName.CAST, wanted, AclDataType.FLOAT.number(), target);
    }

    /** In float32 throughout. Nothing says that the device's operator works in place, so that case takes a detour. */
    @Override
    public void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out) {
        AscendBuffer input = (AscendBuffer) x;
        AscendBuffer gamma = (AscendBuffer) weight;
        AscendBuffer output = (AscendBuffer) out;
        long count = (long) rows * width;
        thread.run(() -> {
            boolean inPlace = input.overlaps(output, count);
            TensorView target = inPlace
                    ? TensorView.matrix(
                            normalised.atLeast(AclDataType.FLOAT.bytes(count)), AclDataType.FLOAT, rows, width)
                    : output.matrix(rows, width);
            TensorView inverse =
                    TensorView.matrix(inverseNorms.atLeast(AclDataType.FLOAT.bytes(rows)), AclDataType.FLOAT, rows, 1);
            TensorView gammas = TensorView.vector(gamma.block(), AclDataType.FLOAT, gamma.offset(), width);
            device.submit(OperatorName.RMS_NORM, input.matrix(rows, width), gammas, (double) epsilon, target, inverse);
            if (inPlace) {
                device.submit(OperatorName.INPLACE_COPY, output.matrix(rows, width), target);
            }
        });
    }
}

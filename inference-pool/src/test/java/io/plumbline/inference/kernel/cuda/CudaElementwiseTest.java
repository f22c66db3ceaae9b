package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.TestDevice;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithStandIn
class CudaElementwiseTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 10_007})
    void elementsHaveTheBitsOfTheReference(int count) {
        KernelCase operations = new KernelCase("fill, scale, addScaled, copyColumns", device -> run(device, count));
        assertThat(operations.bitsOn(new StandInProvider(), 1))
                .isEqualTo(operations.bitsOn(new ReferenceProvider(), 1));
    }

    private static float[] run(TestDevice device, int count) {
        Random random = new Random(count);
        Buffer x = device.buffer(TestDevice.normal(random, 3 * count));
        Buffer y = device.buffer(TestDevice.normal(random, 3 * count));
        Buffer columns = device.zeros(3L * (count + 2));
        device.kernels().scale(count, 0.1f, x);
        device.kernels().addScaled(3L * count, -0.3f, x, y);
        device.kernels().fill(count / 2, 7f, x);
        device.kernels().copyColumns(3, count, y, count, 0, columns, count + 2, 1);
        return device.read(x, y, columns);
    }
}

package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.Arrays;

/**
 * Small operations of every family compared with the reference backend to the bit, whenever a device is opened: a driver
 * or compiler that rounds otherwise, or a broken device, would otherwise answer with wrong numbers.
 */
final class SelfTest {
    private SelfTest() {}

    /**
     * Takes a few milliseconds on a device.
     *
     * @throws KernelException if a bit differs; the message names the operation
     */
    static void run(Backend device) {
        try (Backend reference = new ReferenceProvider().open(new BackendOptions(1))) {
            for (SelfTestCase one : SelfTestCase.values()) {
                float[] expected = one.on(reference);
                float[] actual = one.on(device);
                int at = Arrays.mismatch(expected, actual);
                if (at >= 0) {
                    throw new KernelException(
                            ("the self-test of the GPU failed: %s gives %s in place of %s at %d. Remedy: use another version"
                                            + " of the driver or of NVRTC, or the backend 'cpu', and please report it with"
                                            + " what ./plumbline doctor says")
                                    .formatted(one, actual[at], expected[at], at));
                }
            }
        }
    }
}

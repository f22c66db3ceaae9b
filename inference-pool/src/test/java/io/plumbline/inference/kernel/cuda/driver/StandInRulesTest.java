package io.plumbline.inference.kernel.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.plumbline.inference.kernel.cuda.StandIn;
import io.plumbline.inference.kernel.cuda.WithStandIn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the stand-in would say if the binding used the driver wrongly, and what the binding refuses itself. */
@WithStandIn
class StandInRulesTest {
    private static final byte[] IMAGE = "STAND-IN cubin 90".getBytes(StandardCharsets.US_ASCII);

    /** A device with one kernel, {@code x[i] = value}. */
    private record Device(CudaDriver driver, DeviceContext context, CommandStream stream, LoadedKernel fill)
            implements AutoCloseable {
        static Device open() {
            CudaDriver driver = CudaDriver.open(StandIn.driver().place());
            DeviceContext context = DeviceContext.open(driver, driver.properties(0));
            LoadedKernel fill = KernelModule.load(context, IMAGE).kernel("pl_fill", "LFP");
            return new Device(driver, context, CommandStream.open(context), fill);
        }

        void fill(long count, float value, long at) {
            stream.launch(fill, Grid.elements(count), count, value, at);
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private static float[] read(Device device, DeviceBlock block) {
        PinnedBlock host = PinnedBlock.allocate(device.context(), block.bytes());
        device.stream().copyToHost(host.memory(), block.address());
        device.stream().synchronize();
        return host.memory().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void aKernelThatIsGivenFreedMemoryIsCaught() {
        try (Device device = Device.open()) {
            DeviceBlock block = device.context().allocate(40);
            long stale = block.address();
            block.close();
            assertThatExceptionOfType(DeviceFaultException.class).isThrownBy(() -> device.fill(10, 1, stale));
            assertThat(StandIn.driver().problem()).isEqualTo("pl_fill is given memory that is not allocated");
        }
    }

    @Test
    void aCopyBeyondAnAllocationIsCaught() {
        try (Device device = Device.open()) {
            DeviceBlock block = device.context().allocate(40);
            PinnedBlock host = PinnedBlock.allocate(device.context(), 44);
            assertThatExceptionOfType(DeviceFaultException.class)
                    .isThrownBy(() -> device.stream().copyToDevice(block.address(), host.memory()));
        }
    }

    @Test
    void aDoubleFreeIsCaught() {
        try (Device device = Device.open()) {
            DeviceBlock block = device.context().allocate(40);
            long address = block.address();
            block.close();
            block.close();
            assertThat(StandIn.driver().problem()).isEmpty();
            assertThatExceptionOfType(CudaException.class)
                    .isThrownBy(() -> device.driver().free(address));
            assertThat(StandIn.driver().problem()).contains("not allocated");
        }
    }

    @Test
    void whatIsLeftWhenTheDeviceIsGivenBackIsCaught() {
        Device device = Device.open();
        device.context().run(() -> device.driver().allocate(8));
        device.close();
        assertThat(StandIn.driver().problem()).startsWith("1 allocations, 0 pinned ones and 0 handles are left");
    }

    @Test
    void aCallWithoutAContextIsRefused() throws InterruptedException {
        try (Device device = Device.open()) {
            Thread.ofPlatform()
                    .start(() -> assertThatExceptionOfType(DriverCallException.class)
                            .isThrownBy(() -> device.driver().memory())
                            .withMessageContaining("201 INVALID_CONTEXT"))
                    .join();
        }
    }

    @Test
    void pinnedMemoryIsReadWhenTheStreamGetsThere() {
        try (Device device = Device.open()) {
            DeviceBlock block = device.context().allocate(4);
            PinnedBlock host = PinnedBlock.allocate(device.context(), 4);
            host.memory().set(ValueLayout.JAVA_FLOAT, 0, 1);
            device.stream().copyToDevice(block.address(), host.memory());
            host.memory().set(ValueLayout.JAVA_FLOAT, 0, 2);
            assertThat(read(device, block)).containsExactly(2);
        }
    }

    @Test
    void freshMemoryHoldsNoNumbers() {
        try (Device device = Device.open()) {
            MemorySegment values =
                    MemorySegment.ofArray(read(device, device.context().allocate(8)));
            assertThat(values.toArray(ValueLayout.JAVA_INT)).containsOnly(0x7F7F7F7F);
        }
    }

    @Test
    void aKernelThatIsNotInTheImageIsRefused() {
        try (Device device = Device.open()) {
            assertThatExceptionOfType(ImageRefusedException.class)
                    .isThrownBy(() -> KernelModule.load(device.context(), IMAGE).kernel("pl_absent", ""))
                    .withMessageContaining("cuModuleGetFunction(pl_absent) failed with 500 NOT_FOUND");
        }
    }

    @Test
    void argumentsOfOtherTypesAreRefusedBeforeTheDriverSeesThem() {
        try (Device device = Device.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> device.stream().launch(device.fill(), Grid.of(1, 32), 1L, 1.0, 0L))
                    .withMessage("pl_fill takes LFP; argument 1 is a Double");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> device.stream().launch(device.fill(), Grid.of(1, 32), 1L, 1f))
                    .withMessage("pl_fill takes LFP, not 2 arguments");
        }
    }

    @Test
    void aGridWithoutBlocksLaunchesNothing() {
        try (Device device = Device.open()) {
            long before = StandIn.driver().get("launches");
            device.fill(0, 1, 0);
            assertThat(StandIn.driver().get("launches")).isEqualTo(before);
        }
    }
}

package io.plumbline.inference.kernel;

/** What a backend found when it looked at this machine. */
public sealed interface Availability {
    /**
     * The backend can run here.
     *
     * @param score higher is preferred by {@code auto}; the reference backend has 1, the Vector API 50, {@link
     *     #NATIVE_KERNELS} 100, accelerators more
     * @param description device, instruction set and library versions, for people
     */
    record Available(int score, String description) implements Availability {
        /** Score of native kernels on the processor; what has less is a makeshift. */
        public static final int NATIVE_KERNELS = 100;
    }

    /**
     * The backend cannot run here.
     *
     * @param reason what is missing
     * @param remedy what to do about it
     */
    record Unavailable(String reason, String remedy) implements Availability {}
}

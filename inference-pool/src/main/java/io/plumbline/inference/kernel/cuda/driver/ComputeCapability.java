package io.plumbline.inference.kernel.cuda.driver;

/** The generation of a device, such as 9.0. */
public record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {
    /** Volta: independent threads of a warp and {@code __dp4a}, which the kernels build on. */
    public static final ComputeCapability LEAST = new ComputeCapability(7, 0);

    /** As compilers number it: 90 for 9.0. */
    public int number() {
        return 10 * major + minor;
    }

    static ComputeCapability ofNumber(int number) {
        return new ComputeCapability(number / 10, number % 10);
    }

    @Override
    public int compareTo(ComputeCapability other) {
        return Integer.compare(number(), other.number());
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}

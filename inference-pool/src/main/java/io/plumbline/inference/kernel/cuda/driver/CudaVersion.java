package io.plumbline.inference.kernel.cuda.driver;

/** A version of CUDA, such as 12.9. */
public record CudaVersion(int major, int minor) implements Comparable<CudaVersion> {
    /** As {@code cuDriverGetVersion} tells it: 12090 for 12.9. */
    static CudaVersion ofNumber(int number) {
        return new CudaVersion(number / 1000, number % 1000 / 10);
    }

    @Override
    public int compareTo(CudaVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}

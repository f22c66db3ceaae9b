package io.plumbline.inference.kernel.cuda.driver;

/**
 * What the driver says of a device.
 *
 * @param ordinal its number among the visible ones, from 0
 * @param name as sold, such as {@code NVIDIA H100 80GB HBM3}
 * @param capability what its processors can do
 * @param multiprocessors how many they are
 * @param totalBytes its memory
 */
public record DeviceProperties(
        int ordinal, String name, ComputeCapability capability, int multiprocessors, long totalBytes) {}

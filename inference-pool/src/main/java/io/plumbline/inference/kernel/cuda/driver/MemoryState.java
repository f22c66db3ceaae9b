package io.plumbline.inference.kernel.cuda.driver;

/**
 * Memory of a device, all processes together.
 *
 * @param freeBytes what could be allocated at best
 * @param totalBytes what the device has
 */
public record MemoryState(long freeBytes, long totalBytes) {}

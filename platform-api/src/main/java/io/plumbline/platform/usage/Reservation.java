package io.plumbline.platform.usage;

/**
 * Room in the tenant's limits for one request that is under way.
 *
 * @param requestId id of the answer, such as {@code chatcmpl-…}
 * @param model as the caller named it
 * @param subject who asked
 */
public record Reservation(String requestId, String model, String subject) {}

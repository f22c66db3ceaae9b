package io.plumbline.inference.engine;

/**
 * How many adapters an engine keeps in memory.
 *
 * @param maxRank largest rank of an adapter
 * @param maxResident adapters in memory; beyond that the one that was used longest ago leaves
 * @param maxBytes memory of all of them; likewise
 */
public record AdapterLimits(int maxRank, int maxResident, long maxBytes) {
    public AdapterLimits {
        if (maxRank < 1 || maxResident < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "impossible limits: rank %d, %d adapters, %d bytes".formatted(maxRank, maxResident, maxBytes));
        }
    }
}

package io.plumbline.ascend;

import io.plumbline.inference.kernel.Availability.Unavailable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that keeps the backend from running.
 *
 * @param reason what is missing
 * @param remedy what to do about it
 */
record Finding(String reason, String remedy) {
    /** All findings as one answer of the probe. */
    static Unavailable unavailable(List<Finding> findings) {
        return new Unavailable(
                findings.stream().map(Finding::reason).collect(Collectors.joining("; ")),
                findings.stream().map(Finding::remedy).distinct().collect(Collectors.joining("; "))
                        + "; or use the backend 'cpu'");
    }
}

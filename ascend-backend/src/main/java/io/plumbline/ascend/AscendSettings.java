package io.plumbline.ascend;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The variables that steer this backend.
 *
 * @param device PLUMBLINE_ASCEND_DEVICE: number of the device, from 0
 * @param timeout PLUMBLINE_ASCEND_TIMEOUT_SECONDS: how long submitted work may take
 * @param unverified PLUMBLINE_ASCEND_UNVERIFIED: whether a toolkit may be used whose interface was never compared
 * @param signalsLeftAlone whether ASCEND_COREDUMP_SIGNAL is {@code none}
 * @param problem what is wrong with a value
 */
record AscendSettings(
        int device, Duration timeout, boolean unverified, boolean signalsLeftAlone, Optional<Finding> problem) {
    static final String DEVICE = "PLUMBLINE_ASCEND_DEVICE";
    static final String TIMEOUT = "PLUMBLINE_ASCEND_TIMEOUT_SECONDS";
    static final String UNVERIFIED = "PLUMBLINE_ASCEND_UNVERIFIED";
    static final String SIGNALS = "ASCEND_COREDUMP_SIGNAL";

    private static final int MOST_SECONDS = 86_400;
    private static final int DEFAULT_SECONDS = 300;

    static AscendSettings of(Map<String, String> environment) {
        Optional<Integer> device = number(environment, DEVICE, 0, 0, 63);
        Optional<Integer> seconds = number(environment, TIMEOUT, DEFAULT_SECONDS, 1, MOST_SECONDS);
        Optional<Finding> problem = Optional.empty();
        if (device.isEmpty()) {
            problem = Optional.of(wrong(environment, DEVICE, "a number from 0 to 63"));
        } else if (seconds.isEmpty()) {
            problem = Optional.of(wrong(environment, TIMEOUT, "a number of seconds from 1 to " + MOST_SECONDS));
        }
        return new AscendSettings(
                device.orElse(0),
                Duration.ofSeconds(seconds.orElse(DEFAULT_SECONDS)),
                environment.getOrDefault(UNVERIFIED, "").equalsIgnoreCase("true"),
                environment.getOrDefault(SIGNALS, "").equalsIgnoreCase("none"),
                problem);
    }

    private static Finding wrong(Map<String, String> environment, String name, String wanted) {
        return new Finding("%s is '%s'".formatted(name, environment.get(name)), "set %s to %s".formatted(name, wanted));
    }

    private static Optional<Integer> number(
            Map<String, String> environment, String name, int standard, int least, int most) {
        String text = environment.getOrDefault(name, "").strip();
        if (text.isEmpty()) {
            return Optional.of(standard);
        }
        try {
            return Optional.of(Integer.parseInt(text)).filter(value -> value >= least && value <= most);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** What must be put right before the runtime may be loaded. */
    Optional<Finding> finding() {
        if (problem.isPresent()) {
            return problem;
        }
        // The runtime would otherwise install handlers for signals that the JVM itself lives by, and crash it.
        return signalsLeftAlone
                ? Optional.empty()
                : Optional.of(new Finding(
                        "%s is not 'none'".formatted(SIGNALS),
                        "set %s=none before Plumbline starts (./plumbline does)".formatted(SIGNALS)));
    }
}

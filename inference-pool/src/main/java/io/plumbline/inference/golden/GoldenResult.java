package io.plumbline.inference.golden;

/**
 * One case, checked.
 *
 * @param suite folder name
 * @param name the case, unique within its suite
 * @param outcome what came out
 */
public record GoldenResult(String suite, String name, Outcome outcome) {
    /** How a case ended. */
    public sealed interface Outcome {
        /** Compared: passes if {@code error <= tolerance}. {@code detail} says what was compared. */
        record Compared(double error, double tolerance, String detail) implements Outcome {
            public boolean passed() {
                return error <= tolerance;
            }
        }

        /** Not run, on purpose, and why: the product refuses this input with that message. */
        record Refused(String reason) implements Outcome {}

        /** Broke before anything could be compared. */
        record Failed(String reason) implements Outcome {}
    }
}

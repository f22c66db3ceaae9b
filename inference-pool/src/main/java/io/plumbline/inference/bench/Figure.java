package io.plumbline.inference.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One figure, beside the peer's.
 *
 * @param name what was measured, such as {@code decode_8_streams}
 * @param model name of the model file without its suffix; empty for figures of the machine
 * @param unit of value and peer value
 * @param better which way the figure improves
 * @param own this product's measurements
 * @param peer the peer's, taken between ours; empty where it has none
 * @param goal what to reach, if anything
 */
record Figure(
        String name,
        String model,
        String unit,
        Better better,
        Samples own,
        Optional<Samples> peer,
        Optional<Goal> goal) {
    /** A figure that the peer does not have. */
    static Figure alone(String name, String model, String unit, Better better, Samples own) {
        return new Figure(name, model, unit, better, own, Optional.empty(), Optional.empty());
    }

    /** A figure beside the peer's, which may be missing. */
    static Figure of(String name, String model, String unit, Better better, List<Double> own, List<Double> others) {
        Optional<Samples> peer = others.isEmpty() ? Optional.empty() : Optional.of(new Samples(others));
        return new Figure(name, model, unit, better, new Samples(own), peer, Optional.empty());
    }

    Figure withGoal(Optional<Goal> wanted) {
        return new Figure(name, model, unit, better, own, peer, wanted);
    }

    double value() {
        return better.best(own);
    }

    OptionalDouble peerValue() {
        return peer.map(samples -> OptionalDouble.of(better.best(samples))).orElse(OptionalDouble.empty());
    }

    /** Ours divided by the peer's. */
    OptionalDouble ratio() {
        OptionalDouble other = peerValue();
        return other.isPresent() ? OptionalDouble.of(value() / other.getAsDouble()) : other;
    }

    /** Whether the goal is reached; empty if there is none, or if it needs a peer that was not measured. */
    Optional<Boolean> met() {
        return goal.flatMap(wanted -> switch (wanted.measure()) {
            case VALUE -> Optional.of(better.reaches(value(), wanted.bound()));
            case RATIO ->
                ratio().isPresent()
                        ? Optional.of(better.reaches(ratio().getAsDouble(), wanted.bound()))
                        : Optional.<Boolean>empty();
        });
    }
}

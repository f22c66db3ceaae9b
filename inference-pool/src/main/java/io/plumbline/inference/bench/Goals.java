package io.plumbline.inference.bench;

import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.model.Architecture;
import java.util.Optional;

/** What the product wants to reach, for the models it is measured with; other models have figures without goals. */
final class Goals {
    /** {@code general.file_type} of llama.cpp. */
    private static final long Q4_0 = 2;

    private static final long Q4_1 = 3;
    private static final long Q8_0 = 7;
    private static final long Q4_K_M = 15;

    private final boolean smollm2;
    private final boolean gemma3;
    private final long fileType;

    Goals(Facts facts) {
        int hidden = facts.plan().hidden();
        Architecture architecture = facts.plan().architecture();
        this.smollm2 = architecture == Architecture.LLAMA && hidden == 576;
        this.gemma3 = architecture == Architecture.GEMMA3 && hidden == 640;
        this.fileType = facts.fileType().orElse(-1);
    }

    Optional<Goal> decode() {
        if (smollm2 && fileType == Q4_1) {
            return Optional.of(Goal.ratio(2));
        }
        return gemma3 && fileType == Q4_K_M ? Optional.of(Goal.ratio(1.4)) : Optional.empty();
    }

    Optional<Goal> prefill() {
        if (smollm2 && fileType == Q4_1) {
            return Optional.of(Goal.ratio(3));
        }
        if (gemma3 && fileType == Q4_K_M) {
            return Optional.of(Goal.ratio(2));
        }
        return (smollm2 || gemma3) && (fileType == Q4_0 || fileType == Q8_0)
                ? Optional.of(Goal.ratio(1.5))
                : Optional.empty();
    }

    Optional<Goal> streams() {
        return decode().map(_ -> Goal.ratio(3));
    }

    Optional<Goal> adapters() {
        return decode().map(_ -> Goal.ratio(8));
    }

    Optional<Goal> vectorDecode() {
        return decode().map(_ -> Goal.ratio(0.5));
    }

    static Goal constrainedTime() {
        return Goal.value(1.05);
    }

    static Goal adapterTime() {
        return Goal.value(1.5);
    }

    Optional<Goal> load() {
        return decode().map(_ -> Goal.value(1));
    }

    Optional<Goal> memory() {
        return decode().map(_ -> Goal.value(200));
    }

    static Goal httpFirstToken() {
        return Goal.value(0.35);
    }

    static Goal httpAnswer() {
        return Goal.value(0.5);
    }
}

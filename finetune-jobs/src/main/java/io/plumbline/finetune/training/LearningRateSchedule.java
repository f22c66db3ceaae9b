package io.plumbline.finetune.training;

/**
 * Linear warm-up, then half a cosine to zero.
 *
 * @param peak learning rate after the warm-up
 * @param warmupSteps steps of the warm-up; 0 = none
 * @param totalSteps steps of the whole run, warm-up included
 * @param start where the warm-up begins
 */
public record LearningRateSchedule(double peak, int warmupSteps, int totalSteps, WarmupStart start) {
    /** The learning rate of step 0. */
    public enum WarmupStart {
        /** {@code peak·(t+1)/warmup}: every step moves. */
        FIRST_FRACTION,
        /** {@code peak·t/warmup}, as transformers' {@code get_cosine_schedule_with_warmup}: step 0 moves nothing. */
        ZERO
    }

    public LearningRateSchedule {
        if (!(peak >= 0) || warmupSteps < 0 || totalSteps < 1) {
            throw new IllegalArgumentException(
                    "impossible schedule: peak=%s warm-up=%d of %d steps".formatted(peak, warmupSteps, totalSteps));
        }
    }

    /** Learning rate of step t, from 0. */
    public double at(int step) {
        if (step < warmupSteps) {
            return switch (start) {
                case FIRST_FRACTION -> peak * ((step + 1) / (double) warmupSteps);
                case ZERO -> peak * (step / (double) warmupSteps);
            };
        }
        double progress = (step - warmupSteps) / (double) Math.max(1, totalSteps - warmupSteps);
        return peak * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}

package io.plumbline.inference.model;

import java.util.List;

/** How a model stretches its rotary frequencies beyond the context it was first trained with. */
public sealed interface RopeScaling {
    /** The frequency of one pair of elements after scaling. */
    double apply(double frequency, int pair);

    /** What cosines and sines are multiplied by. */
    default double amplitude() {
        return 1;
    }

    /** Frequencies as trained. */
    record None() implements RopeScaling {
        @Override
        public double apply(double frequency, int pair) {
            return frequency;
        }
    }

    /** Position interpolation (arXiv 2306.15595): every frequency divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {
        public Linear {
            if (!(factor > 0) || Double.isInfinite(factor)) {
                throw new IllegalArgumentException("rope scaling needs a positive factor, not " + factor);
            }
        }

        @Override
        public double apply(double frequency, int pair) {
            return frequency / factor;
        }
    }

    /**
     * Llama 3.1's scaling: wavelengths longer than originalContext/lowFrequencyFactor are stretched by {@code factor},
     * those shorter than originalContext/highFrequencyFactor stay, and those between are blended.
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements RopeScaling {
        @Override
        public double apply(double frequency, int pair) {
            double wavelength = 2 * Math.PI / frequency;
            if (wavelength < originalContext / highFrequencyFactor) {
                return frequency;
            }
            if (wavelength > originalContext / lowFrequencyFactor) {
                return frequency / factor;
            }
            double smooth =
                    (originalContext / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            return (1 - smooth) * frequency / factor + smooth * frequency;
        }
    }

    /**
     * LongRoPE (arXiv 2402.13753): every pair's frequency has its own divisor. Models bring two lists of them, one for the
     * context they were first trained with and one for the longer one. A model uses the long list if its context is
     * longer, from the first position on: the choice must not change while a sequence grows, or its cached keys would no
     * longer belong to its queries.
     *
     * @param divisors one per pair
     * @param amplitude on cosines and sines, since attention over more keys needs sharper scores
     */
    record LongRope(List<Double> divisors, double amplitude) implements RopeScaling {
        public LongRope {
            divisors = List.copyOf(divisors);
            if (divisors.stream().anyMatch(d -> !(d > 0)) || !(amplitude > 0)) {
                throw new IllegalArgumentException(
                        "long rope needs positive factors, not %s and %s".formatted(divisors, amplitude));
            }
        }

        /** √(1 + ln(context/original) / ln(original)), 1 if the context is not longer than the original one. */
        static double amplitude(double contextLength, double originalContext) {
            double factor = contextLength / originalContext;
            return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
        }

        @Override
        public double apply(double frequency, int pair) {
            return frequency / divisors.get(pair);
        }
    }
}

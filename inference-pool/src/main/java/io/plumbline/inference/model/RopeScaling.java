package io.plumbline.inference.model;

/** How a model stretches its rotary frequencies beyond the context it was first trained with. */
public sealed interface RopeScaling {
    /** The frequency of one pair of elements after scaling. */
    double apply(double frequency);

    /** Frequencies as trained. */
    record None() implements RopeScaling {
        @Override
        public double apply(double frequency) {
            return frequency;
        }
    }

    /** Position interpolation (arXiv 2306.15595): every frequency divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {
        @Override
        public double apply(double frequency) {
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
        public double apply(double frequency) {
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
}

package io.plumbline.inference.model;

import java.util.List;

/** A model file that this product cannot run: every reason, and what to do about it. */
public final class UnsupportedModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // an unmodifiable list of strings, which is serializable
    private final List<String> reasons;

    public UnsupportedModelException(List<String> reasons) {
        super("This model cannot be run: " + String.join("; ", reasons) + ".");
        this.reasons = List.copyOf(reasons);
    }

    /** Each reason with its remedy. */
    public List<String> reasons() {
        return reasons;
    }
}

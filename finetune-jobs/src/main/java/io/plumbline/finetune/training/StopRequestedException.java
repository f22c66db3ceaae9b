package io.plumbline.finetune.training;

/** Leaves a step that will not be finished because the run was asked to end. */
final class StopRequestedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StopRequestedException(String reason) {
        super(reason, null, false, false); // control flow: nobody looks at its stack
    }

    /** Why the run ends. */
    String reason() {
        return String.valueOf(getMessage());
    }
}

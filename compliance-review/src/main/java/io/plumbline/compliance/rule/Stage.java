package io.plumbline.compliance.rule;

/** Where a rule looks. */
public enum Stage {
    /** I: the user's input, before retrieval and before the model. */
    INPUT('I'),
    /** O: the complete answer. */
    OUTPUT('O'),
    /** S: a window of a streamed answer, before it leaves. */
    STREAM('S'),
    /** R: retrieved text or a tool's result, before it enters the prompt. */
    RETRIEVAL('R'),
    /** M: metadata and export. */
    METADATA('M'),
    /** D: training data. */
    DATA('D'),
    /** B: behaviour over a conversation or account. */
    BEHAVIOUR('B');

    private final char letter;

    Stage(char letter) {
        this.letter = letter;
    }

    /** The letter in the catalogue. */
    public char letter() {
        return letter;
    }
}

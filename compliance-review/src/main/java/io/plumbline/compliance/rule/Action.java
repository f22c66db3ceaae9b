package io.plumbline.compliance.rule;

/** What a rule asks for, strongest first: where several rules fire, the strongest wins. */
public enum Action {
    /** E: a person must look now; nothing is released. */
    ESCALATE('E'),
    /** B: nothing is released. */
    BLOCK('B'),
    /** H: nothing is released until a person decides. */
    HOLD('H'),
    /** R: the matching spans are masked. */
    REDACT('R'),
    /** W: text is replaced or added. */
    REWRITE('W'),
    /** F: released, and put before a reviewer. */
    FLAG('F'),
    /** S: released, and sampled for review. */
    SAMPLE('S'),
    /** L: released, and recorded. */
    LOG('L');

    private final char letter;

    Action(char letter) {
        this.letter = letter;
    }

    /** The letter in the catalogue. */
    public char letter() {
        return letter;
    }

    /** Whether nothing of the text may be released. */
    public boolean withholds() {
        return this == ESCALATE || this == BLOCK || this == HOLD;
    }
}

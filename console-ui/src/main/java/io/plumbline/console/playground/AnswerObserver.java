package io.plumbline.console.playground;

import io.plumbline.platform.gateway.RunningAnswer;

/** Is told what becomes of an answer, on the thread that waits for it: one beginning, texts, one end. */
interface AnswerObserver {
    void begun(RunningAnswer answer);

    /** More of the answer may be read. */
    void text(String more);

    void ended(AnswerEnd end);
}

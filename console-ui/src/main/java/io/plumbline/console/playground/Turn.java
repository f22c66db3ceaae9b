package io.plumbline.console.playground;

import io.plumbline.platform.gateway.RunningAnswer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A question and what came of it. Written by the thread that waits for the answer, read by the page. */
final class Turn implements AnswerObserver {
    private final String question;
    private final AtomicReference<Reply> reply = new AtomicReference<>(Reply.NOTHING_YET);
    private volatile @Nullable RunningAnswer running;
    private volatile boolean stopped;

    Turn(String question) {
        this.question = question;
    }

    String question() {
        return question;
    }

    Reply reply() {
        return reply.get();
    }

    @Override
    public void begun(RunningAnswer answer) {
        running = answer;
        reply.updateAndGet(now -> now.begun(answer.id()));
        if (stopped) {
            answer.cancel();
        }
    }

    @Override
    public void text(String more) {
        reply.updateAndGet(now -> now.with(more));
    }

    @Override
    public void ended(AnswerEnd end) {
        running = null;
        reply.updateAndGet(now -> now.ended(end, stopped));
    }

    void decided(Decided decision) {
        reply.updateAndGet(now -> now.phase() == Reply.Phase.HELD ? now.decided(decision) : now);
    }

    void failed(RuntimeException why) {
        running = null;
        reply.updateAndGet(now -> now.failed(why));
    }

    /** Ends generation soon; text that has come stays. */
    void stop() {
        stopped = true;
        Optional.ofNullable(running).ifPresent(RunningAnswer::cancel);
    }
}

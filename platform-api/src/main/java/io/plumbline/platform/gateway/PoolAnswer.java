package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.HeldChoice;
import io.plumbline.compliance.review.NewCase;
import io.plumbline.compliance.screen.Notice;
import io.plumbline.compliance.screen.Screened;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.platform.screening.ScreenedItem;
import io.plumbline.platform.usage.Tokens;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * An answer that the pool generates. The pool's thread only puts signals into a queue; screening happens on the thread
 * that asks for the next piece, so a slow reader or rule never holds up the engine.
 */
final class PoolAnswer implements RunningAnswer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Signals that wait to be read; beyond them the pool waits with the answer. */
    private static final int MOST_SIGNALS = 64;

    private final AnswerContext context;
    private final InputScreening.Outcome input;
    private final AnswerLedger ledger;
    private final CaseOfAnswer caseOfAnswer;
    private final List<ScreenedChoice> choices;
    private final boolean[] over;
    private final List<Completion> completions = new CopyOnWriteArrayList<>();
    private final BlockingQueue<PoolSignal> signals = new LinkedBlockingQueue<>(MOST_SIGNALS);
    private final Deque<Piece> ready = new ArrayDeque<>();
    private final List<FinishedCompletion> finished = new ArrayList<>();
    private final AnswerTranscript transcript;
    /** By choice; empty if the answer calls no tools. */
    private final List<CallsOfChoice> calls;

    private final List<HeldChoice> heldChoices = new ArrayList<>();
    private final List<Piece.End> heldEnds = new ArrayList<>();
    private Optional<NewCase> held = Optional.empty();
    private boolean abandoned;
    private volatile boolean cancelled;
    private boolean settled;

    PoolAnswer(
            AnswerContext context,
            InputScreening.Outcome input,
            List<ScreenedChoice> choices,
            AnswerLedger ledger,
            CaseOfAnswer caseOfAnswer) {
        this.context = context;
        this.input = input;
        this.choices = List.copyOf(choices);
        this.over = new boolean[choices.size()];
        this.transcript = new AnswerTranscript(choices.size());
        this.calls = context.question().form().mayCall()
                ? IntStream.range(0, choices.size())
                        .mapToObj(CallsOfChoice::new)
                        .toList()
                : List.of();
        this.ledger = ledger;
        this.caseOfAnswer = caseOfAnswer;
    }

    /** The pool's end of one choice. */
    CompletionListener listener(int choice) {
        return new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                signal(new PoolSignal.Text(choice, delta));
            }

            @Override
            public void onFinish(FinishedCompletion end) {
                signal(new PoolSignal.Finished(choice, end));
            }

            @Override
            public void onFailure(InferenceException failure) {
                signal(new PoolSignal.Failed(choice, failure));
            }
        };
    }

    /** Waits for room, on a thread of the pool that carries this choice alone; who has gone away needs no signals. */
    private void signal(PoolSignal signal) {
        try {
            while (!signals.offer(signal, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                if (cancelled) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void started(Completion completion) {
        completions.add(completion);
        if (cancelled) {
            completion.cancel();
        }
    }

    @Override
    public String id() {
        return context.reservation().requestId();
    }

    @Override
    public long created() {
        return context.created();
    }

    @Override
    public Optional<ServiceTier> tier() {
        return context.tier();
    }

    @Override
    public List<String> firedRules() {
        return findings().stream().map(f -> f.verdict().rule()).distinct().toList();
    }

    @Override
    public List<String> announced() {
        return choices.stream()
                .flatMap(choice -> choice.announced().stream())
                .distinct()
                .toList();
    }

    @Override
    public Optional<Piece> next() throws InterruptedException {
        if (ready.isEmpty() && finished.size() < choices.size()) {
            PoolSignal signal = signals.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (signal != null) {
                take(signal);
            }
        }
        return Optional.ofNullable(ready.poll());
    }

    @Override
    public boolean ended() {
        return ready.isEmpty() && finished.size() == choices.size();
    }

    @Override
    public Tokens tokens() {
        // The prompt is the same for every choice and counts once.
        long prompt = finished.stream()
                .mapToLong(FinishedCompletion::promptTokens)
                .max()
                .orElse(0);
        long cached = finished.isEmpty() ? 0 : finished.getFirst().cachedTokens();
        long generated = finished.stream()
                .mapToLong(FinishedCompletion::completionTokens)
                .sum();
        return new Tokens(prompt, generated, cached);
    }

    @Override
    public boolean silent() {
        return choices.stream().allMatch(ScreenedChoice::silent);
    }

    @Override
    public Optional<NewCase> held() {
        return held;
    }

    @Override
    public void cancel() {
        cancelled = true;
        completions.forEach(Completion::cancel);
    }

    private void take(PoolSignal signal) {
        switch (signal) {
            case PoolSignal.Text(int choice, TextDelta delta) -> push(choice, delta);
            case PoolSignal.Finished(int choice, FinishedCompletion end) -> finish(choice, end);
            case PoolSignal.Failed(int ignored, InferenceException failure) -> {
                cancel();
                settleFailed();
                throw failure;
            }
        }
    }

    private void push(int choice, TextDelta delta) {
        ScreenedChoice screened = choices.get(choice);
        if (over[choice]) {
            return;
        }
        ScreenedChoice.Released released = screened.push(delta);
        if (screened.blocked()) {
            // What the model would still say is not wanted any more; its end comes as a signal.
            over[choice] = true;
            if (choice < completions.size()) {
                completions.get(choice).cancel();
            }
        } else if (!released.isEmpty()) {
            tell(choice, released);
        }
    }

    private void tell(int choice, ScreenedChoice.Released released) {
        if (calls.isEmpty()) {
            tell(new Piece.Text(choice, released.text(), released.logprobs()));
        } else {
            calls.get(choice).push(released.text()).forEach(this::tell);
        }
    }

    private void finish(int choice, FinishedCompletion end) {
        ScreenedChoice.Fate fate = choices.get(choice).finish();
        finished.add(end);
        abandoned |= end.reason() == FinishReason.CANCELLED && !over[choice];
        switch (fate) {
            case ScreenedChoice.Fate.Passed(ScreenedChoice.Released rest, List<Notice> notices) -> {
                if (!rest.isEmpty()) {
                    tell(choice, rest);
                }
                if (!calls.isEmpty()) {
                    calls.get(choice).finish().forEach(this::tell);
                }
                boolean called = !calls.isEmpty() && calls.get(choice).any();
                tell(new Piece.End(choice, ending(end.reason(), called), Optional.empty(), false, notices));
            }
            case ScreenedChoice.Fate.Blocked(Screened.Message message) -> tell(withheld(choice, message, false));
            case ScreenedChoice.Fate.Held held -> {
                boolean called = !calls.isEmpty() && CallsOfChoice.in(held.releasable());
                String ending = ending(end.reason(), called).wireName();
                heldChoices.add(HeldChoice.undecided(choice, held.generated(), held.releasable(), ending)
                        .with(held.notices()));
                heldEnds.add(withheld(choice, held.message(), true));
            }
        }
        if (finished.size() == choices.size()) {
            endAll();
        }
    }

    private Piece.End withheld(int choice, Screened.Message message, boolean byPerson) {
        return Piece.End.withheld(choice, context.told(message), byPerson);
    }

    /** An answer whose reader went away is nothing to decide on: it was cut off, and nobody waits for it. */
    private void endAll() {
        if (!heldChoices.isEmpty() && !abandoned) {
            heldChoices.sort(Comparator.comparingInt(HeldChoice::index));
            held = Optional.of(caseOfAnswer.of(heldChoices, findings()));
        }
        heldEnds.forEach(this::tell);
        settle();
    }

    /** A cancelled answer has nobody to read why; it ended before its own end. */
    private static Ending ending(FinishReason reason, boolean called) {
        return switch (reason) {
            case STOP -> called ? Ending.TOOL_CALLS : Ending.STOP;
            case LENGTH, CANCELLED -> Ending.LENGTH;
        };
    }

    private void settle() {
        if (!settled) {
            settled = true;
            ledger.settle(context, tokens(), findings(), transcript);
        }
    }

    private void settleFailed() {
        if (!settled) {
            settled = true;
            ledger.settleFailed(context, tokens(), findings(), transcript);
        }
    }

    private void tell(Piece piece) {
        transcript.add(piece);
        ready.add(piece);
    }

    private List<ScreenedItem> findings() {
        List<ScreenedItem> all = new ArrayList<>(input.findings());
        for (int i = 0; i < choices.size(); i++) {
            String item = "choices[%d]".formatted(i);
            for (Verdict verdict : choices.get(i).verdicts()) {
                all.add(new ScreenedItem(item, verdict));
            }
        }
        return all;
    }
}

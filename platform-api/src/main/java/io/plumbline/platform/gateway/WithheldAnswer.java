package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.NewCase;
import io.plumbline.platform.usage.Tokens;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The answer to a question that a rule blocks: the model never saw it. */
final class WithheldAnswer implements RunningAnswer {
    private final AnswerContext context;
    private final InputScreening.Outcome input;
    private final Deque<Piece> pieces = new ArrayDeque<>();

    WithheldAnswer(AnswerContext context, InputScreening.Outcome input, int choices, String refusal) {
        this.context = context;
        this.input = input;
        for (int i = 0; i < choices; i++) {
            pieces.add(Piece.End.withheld(i, refusal, false));
        }
    }

    /** What the caller is going to be told; before the first piece is taken. */
    AnswerTranscript transcript() {
        AnswerTranscript transcript = new AnswerTranscript(pieces.size());
        pieces.forEach(transcript::add);
        return transcript;
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
        return input.findings().stream().map(f -> f.verdict().rule()).distinct().toList();
    }

    @Override
    public List<String> announced() {
        return List.of();
    }

    @Override
    public Optional<Piece> next() {
        return Optional.ofNullable(pieces.poll());
    }

    @Override
    public boolean ended() {
        return pieces.isEmpty();
    }

    @Override
    public boolean silent() {
        return true;
    }

    @Override
    public Optional<NewCase> held() {
        return Optional.empty();
    }

    @Override
    public Tokens tokens() {
        return Tokens.none();
    }

    @Override
    public void cancel() {
        // Nothing runs.
    }
}

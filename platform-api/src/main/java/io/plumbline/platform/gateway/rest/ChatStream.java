package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.platform.error.ErrorMapper;
import io.plumbline.platform.gateway.Piece;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.gateway.ServiceTier;
import io.plumbline.platform.identity.Caller;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an answer as server-sent events, each as soon as it may leave. A reader that went away ends the generation. The ends
 * of held choices are told after everything else, when their case is open.
 */
final class ChatStream implements StreamingOutput {
    private static final Logger LOG = LoggerFactory.getLogger(ChatStream.class);

    private final RunningAnswer answer;
    private final Asked asked;
    private final ChatRequest request;
    private final int choices;
    private final Tools tools;
    private final Optional<EndedAnswer> ended;
    private final Silence silence = new Silence(System::nanoTime);

    /** What the stream works with. */
    record Tools(ObjectMapper json, ErrorMapper errors, AnswerKeeper keeper) {}

    /** Who asked for what. */
    record Asked(ChatRequest request, Caller caller, String requestId) {}

    /** @param ended an answer that has ended and is kept already; empty = it is still generated */
    ChatStream(RunningAnswer answer, Asked asked, Tools tools, Optional<EndedAnswer> ended) {
        this.answer = answer;
        this.asked = asked;
        this.request = asked.request();
        this.choices = request.n() == null ? 1 : request.n();
        this.tools = tools;
        this.ended = ended;
    }

    @Override
    public void write(OutputStream out) {
        CollectedAnswer collected = new CollectedAnswer(choices, Boolean.TRUE.equals(request.logprobs()));
        List<Piece.End> held = new ArrayList<>();
        try {
            for (int choice = 0; choice < choices; choice++) {
                send(out, chunk(choice, new ChatChunk.Delta("assistant", "", null, null), null));
            }
            for (Piece piece : ended.map(EndedAnswer::pieces).orElse(List.of())) {
                send(out, piece, collected, held);
            }
            while (!answer.ended()) {
                Optional<Piece> piece = answer.next();
                if (piece.isPresent()) {
                    send(out, piece.get(), collected, held);
                } else if (silence.tooLong()) {
                    write(out, ": still working\n\n"); // finds out whether somebody still reads
                }
            }
            finish(out, collected, held);
        } catch (IOException e) {
            LOG.debug("the reader of {} went away", answer.id(), e);
            drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.cancel();
        } catch (RuntimeException e) {
            fail(out, e);
        }
    }

    private void send(OutputStream out, Piece piece, CollectedAnswer collected, List<Piece.End> held)
            throws IOException {
        collected.add(piece);
        switch (piece) {
            case Piece.Text text -> {
                Logprobs logprobs = text.logprobs().isEmpty() ? null : Logprobs.of(text.logprobs());
                send(out, chunk(text.choice(), ChatChunk.Delta.text(text.text()), logprobs));
            }
            case Piece.ToolCall(int choice, int index, String id, String name) ->
                send(out, chunk(choice, ChatChunk.Delta.call(ChatChunk.ToolCall.begins(index, id, name)), null));
            case Piece.Arguments(int choice, int index, String text) ->
                send(out, chunk(choice, ChatChunk.Delta.call(ChatChunk.ToolCall.arguments(index, text)), null));
            case Piece.End end when end.held() -> held.add(end);
            case Piece.End end -> send(out, end, collected, Optional.empty());
        }
    }

    private void send(OutputStream out, Piece.End end, CollectedAnswer collected, Optional<CaseId> caseId)
            throws IOException {
        // Text that has left cannot be taken back; where none has, the reader sees the rule's message.
        String refusal = end.refusal().orElse(null);
        String content = refusal != null && collected.isEmpty(end.choice()) ? refusal : null;
        if (refusal != null) {
            send(out, chunk(end.choice(), new ChatChunk.Delta(null, content, refusal, null), null));
        }
        List<String> rules = answer.firedRules();
        var screening = rules.isEmpty()
                ? null
                : new ChatChunk.Screening(rules, caseId.map(CaseId::value).orElse(null));
        var choice = new ChatChunk.Choice(
                end.choice(),
                ChatChunk.Delta.nothing(),
                null,
                end.ending().wireName(),
                AnswerNotice.extension(end.notices()));
        send(out, chunk(List.of(choice), null, screening));
    }

    private void finish(OutputStream out, CollectedAnswer collected, List<Piece.End> held) throws IOException {
        AnswerKeeper.Kept kept = ended.isPresent()
                ? ended.get().kept()
                : tools.keeper().keep(asked.caller(), answer, request, collected.completion(answer, request));
        for (Piece.End end : held) {
            send(out, end, collected, kept.caseId());
        }
        ChatRequest.StreamOptions options = request.streamOptions();
        if (options != null && Boolean.TRUE.equals(options.includeUsage())) {
            send(out, chunk(List.of(), TokenUsage.of(answer.tokens()), null));
        }
        write(out, "data: [DONE]\n\n");
    }

    /** Lets the cancelled answer end in good order, so that what it used is booked. */
    private void drain() {
        answer.cancel();
        try {
            while (!answer.ended()) {
                if (answer.next().isEmpty()) {
                    LOG.debug("{} has not ended yet", answer.id());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("{} ended badly after its reader went away", answer.id(), e);
        }
    }

    private void fail(OutputStream out, RuntimeException failure) {
        answer.cancel();
        try {
            String body = tools.json()
                    .writeValueAsString(
                            tools.errors().answer(failure, asked.requestId()).body());
            write(out, "data: " + body + "\n\n");
        } catch (IOException e) {
            LOG.debug("the reader of {} went away", answer.id(), e);
        }
    }

    private ChatChunk chunk(int choice, ChatChunk.Delta delta, @Nullable Logprobs logprobs) {
        return chunk(List.of(new ChatChunk.Choice(choice, delta, logprobs, null, null)), null, null);
    }

    private ChatChunk chunk(
            List<ChatChunk.Choice> chosen, @Nullable TokenUsage usage, ChatChunk.@Nullable Screening screening) {
        return new ChatChunk(
                answer.id(),
                "chat.completion.chunk",
                answer.created(),
                String.valueOf(request.model()),
                chosen,
                usage,
                answer.tier().map(ServiceTier::wireName).orElse(null),
                screening);
    }

    private void send(OutputStream out, ChatChunk chunk) throws IOException {
        write(out, "data: " + text(chunk) + "\n\n");
    }

    private String text(ChatChunk chunk) throws JsonProcessingException {
        return tools.json().writeValueAsString(chunk);
    }

    private void write(OutputStream out, String event) throws IOException {
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
        silence.ended();
    }
}

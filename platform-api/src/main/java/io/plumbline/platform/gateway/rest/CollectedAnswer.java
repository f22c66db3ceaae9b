package io.plumbline.platform.gateway.rest;

import io.plumbline.compliance.screen.Notice;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.platform.gateway.Ending;
import io.plumbline.platform.gateway.Piece;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.gateway.ServiceTier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of an answer together: for answers in one piece, and for those to be stored. */
final class CollectedAnswer {
    private final List<Text> texts = new ArrayList<>();
    private final boolean logprobs;

    private static final class Text {
        final StringBuilder content = new StringBuilder();
        final List<TokenLogprob> logprobs = new ArrayList<>();
        final List<Call> calls = new ArrayList<>();
        Ending ending = Ending.LENGTH;
        Optional<String> refusal = Optional.empty();
        List<Notice> notices = List.of();
    }

    private record Call(String id, String name, StringBuilder arguments) {}

    /** @param logprobs whether they were asked for */
    CollectedAnswer(int choices, boolean logprobs) {
        this.logprobs = logprobs;
        for (int i = 0; i < choices; i++) {
            texts.add(new Text());
        }
    }

    void add(Piece piece) {
        Text text = texts.get(piece.choice());
        switch (piece) {
            case Piece.Text(int ignored, String content, List<TokenLogprob> tokens) -> {
                text.content.append(content);
                text.logprobs.addAll(tokens);
            }
            case Piece.ToolCall(int ignored, int index, String id, String name) ->
                text.calls.add(new Call(id, name, new StringBuilder()));
            case Piece.Arguments(int ignored, int index, String more) ->
                text.calls.get(index).arguments().append(more);
            case Piece.End end -> {
                text.ending = end.ending();
                text.refusal = end.refusal();
                text.notices = end.notices();
            }
        }
    }

    /** Whether anything of a choice was released. */
    boolean isEmpty(int choice) {
        return texts.get(choice).content.isEmpty() && texts.get(choice).calls.isEmpty();
    }

    ChatCompletion completion(RunningAnswer answer, ChatRequest request) {
        return completion(answer, String.valueOf(request.model()), request.metadata());
    }

    ChatCompletion completion(RunningAnswer answer, String model, @Nullable Map<String, String> metadata) {
        List<ChatCompletion.Choice> choices = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            choices.add(choice(i, texts.get(i)));
        }
        return new ChatCompletion(
                answer.id(),
                "chat.completion",
                answer.created(),
                model,
                choices,
                TokenUsage.of(answer.tokens()),
                answer.tier().map(ServiceTier::wireName).orElse(null),
                metadata);
    }

    private ChatCompletion.Choice choice(int index, Text text) {
        boolean withheld = text.ending == Ending.CONTENT_FILTER;
        @Nullable String refusal = withheld ? text.refusal.orElse("") : null;
        @Nullable String content = withheld ? text.refusal.orElse("") : text.content.toString();
        @Nullable List<ChatCompletion.ToolCall> calls = null;
        if (!withheld && !text.calls.isEmpty()) {
            content = content.isEmpty() ? null : content;
            calls = text.calls.stream().map(CollectedAnswer::call).toList();
        }
        return new ChatCompletion.Choice(
                index,
                new ChatCompletion.AnswerMessage("assistant", content, refusal, calls),
                logprobs && !withheld ? Logprobs.of(text.logprobs) : null,
                text.ending.wireName(),
                AnswerNotice.extension(text.notices));
    }

    private static ChatCompletion.ToolCall call(Call call) {
        return new ChatCompletion.ToolCall(
                call.id(),
                "function",
                new ChatCompletion.Function(call.name(), call.arguments().toString()));
    }
}

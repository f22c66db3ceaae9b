package io.plumbline.inference.constraint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.Grammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.Node;
import io.plumbline.inference.grammar.TokenVocabulary;
import io.plumbline.inference.grammar.json.JsonGrammar;
import io.plumbline.inference.grammar.json.JsonSchemaGrammar;
import io.plumbline.inference.grammar.regex.CharacterSpelling;
import io.plumbline.inference.grammar.regex.RegexParser;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.toolcall.ToolCallGrammar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Compiles constraints for one model, on the thread of whoever asks, and keeps those used last: equal constraints, of
 * whatever tenant, share one grammar and its masks, which say nothing about anybody's answers. Thread-safe.
 */
public final class ConstraintCompiler {
    private static final int MOST_KEPT = 32;
    private static final int MOST_TEXTS = 10_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What the grammars that are kept may take; one schema with long bounded strings may take twenty million of it. */
    private static final long MOST_BYTES = 128L << 20;

    private final Tokenizer tokenizer;
    private final GrammarLimits limits;
    private final long mostBytes;
    private final Map<OutputConstraint, CompletableFuture<CompiledGrammar>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable TokenVocabulary vocabulary;

    public ConstraintCompiler(Tokenizer tokenizer, GrammarLimits limits) {
        this(tokenizer, limits, MOST_BYTES);
    }

    /** @param mostBytes what the grammars that are kept may take, but for the last one */
    ConstraintCompiler(Tokenizer tokenizer, GrammarLimits limits, long mostBytes) {
        this.tokenizer = tokenizer;
        this.limits = limits;
        this.mostBytes = mostBytes;
    }

    /**
     * The grammar of a constraint; empty if there is nothing to hold to.
     *
     * @throws InferenceException.InvalidConstraint if it cannot be guaranteed
     */
    public Optional<CompiledGrammar> compile(OutputConstraint constraint) {
        if (constraint instanceof OutputConstraint.Free) {
            return Optional.empty();
        }
        CompletableFuture<CompiledGrammar> mine = new CompletableFuture<>();
        CompletableFuture<CompiledGrammar> first = keep(constraint, mine);
        if (first == mine) {
            complete(constraint, mine);
        }
        try {
            return Optional.of(first.join());
        } catch (CompletionException e) {
            String message =
                    e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
            throw new InferenceException.InvalidConstraint(message);
        }
    }

    private synchronized CompletableFuture<CompiledGrammar> keep(
            OutputConstraint constraint, CompletableFuture<CompiledGrammar> otherwise) {
        CompletableFuture<CompiledGrammar> known = kept.putIfAbsent(constraint, otherwise);
        while (kept.size() > MOST_KEPT || (kept.size() > 1 && bytes() > mostBytes)) {
            kept.remove(kept.keySet().iterator().next());
        }
        return known == null ? otherwise : known;
    }

    /** Of the grammars that are ready; answers under way keep theirs, kept here or not. */
    private long bytes() {
        return kept.values().stream()
                .filter(future -> future.state() == Future.State.SUCCESS)
                .mapToLong(future -> future.resultNow().bytes())
                .sum();
    }

    private void complete(OutputConstraint constraint, CompletableFuture<CompiledGrammar> future) {
        try {
            future.complete(new CompiledGrammar(grammar(constraint), vocabulary(), limits));
        } catch (RuntimeException | StackOverflowError e) {
            synchronized (this) {
                kept.remove(constraint, future);
            }
            future.completeExceptionally(
                    e instanceof StackOverflowError
                            ? new InvalidGrammarException("The schema or grammar is nested too deeply; flatten it.")
                            : e);
        }
    }

    /** Built when first needed: models that never answer in a form do without. */
    private synchronized TokenVocabulary vocabulary() {
        if (vocabulary == null) {
            vocabulary = TokenVocabulary.of(tokenizer);
        }
        return vocabulary;
    }

    static Grammar grammar(OutputConstraint constraint) {
        return switch (constraint) {
            case OutputConstraint.Free ignored -> throw new IllegalArgumentException("any text needs no grammar");
            case OutputConstraint.JsonObject ignored -> JsonGrammar.anyObject();
            case OutputConstraint.JsonSchema(String schema, boolean strict) -> ofSchema(schema, strict);
            case OutputConstraint.Regex(String expression) ->
                Grammar.of(RegexParser.wholeMatch(expression, CharacterSpelling.PLAIN));
            case OutputConstraint.OneOf oneOf -> ofTexts(oneOf);
            case OutputConstraint.ToolCalls calls -> ToolCallGrammar.of(calls);
        };
    }

    private static Grammar ofSchema(String schema, boolean strict) {
        try {
            return JsonSchemaGrammar.of(JSON.readTree(schema), strict);
        } catch (JsonProcessingException e) {
            throw new InvalidGrammarException("The schema is not JSON: " + e.getOriginalMessage());
        }
    }

    private static Grammar ofTexts(OutputConstraint.OneOf oneOf) {
        if (oneOf.texts().isEmpty()
                || oneOf.texts().size() > MOST_TEXTS
                || oneOf.texts().contains("")) {
            throw new InvalidGrammarException(
                    "The choices are 1 to %d texts, none of them empty.".formatted(MOST_TEXTS));
        }
        return Grammar.of(
                Node.choice(oneOf.texts().stream().distinct().map(Node::literal).toList()));
    }
}

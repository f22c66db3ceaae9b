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
import io.plumbline.inference.tokenizer.TokenKind;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.toolcall.ToolCallForm;
import io.plumbline.inference.toolcall.ToolCallGrammar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles constraints for one model, on the thread of whoever asks, and keeps those used last: equal constraints, of
 * whatever tenant, share one grammar and its masks, which say nothing about anybody's answers. Thread-safe.
 */
public final class ConstraintCompiler {
    private static final int MOST_KEPT = 32;
    private static final int MOST_TEXTS = 10_000;

    /** What the grammars that are kept may take; one schema with long bounded strings may take twenty million of it. */
    private static final long MOST_BYTES = 128L << 20;

    /** Read when the first schema comes: a tenth of a second that a model's first token need not wait for. */
    private static final class SchemaText {
        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private final Tokenizer tokenizer;
    private final GrammarLimits limits;
    private final long mostBytes;
    private final Map<Wanted, CompletableFuture<CompiledGrammar>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable TokenVocabulary vocabulary;
    private @Nullable TagVocabulary tagVocabulary;

    /**
     * What a grammar depends on.
     *
     * @param calls how the model writes calls; the same for all other constraints, so that they share a grammar
     */
    private record Wanted(OutputConstraint constraint, ToolCallForm calls) {
        Wanted {
            calls = constraint instanceof OutputConstraint.ToolCalls ? calls : ToolCallForm.HERMES;
        }
    }

    /** A vocabulary in which control tokens that are the tags of calls have a text. */
    private record TagVocabulary(Set<Integer> tags, TokenVocabulary tokens) {}

    public ConstraintCompiler(Tokenizer tokenizer, GrammarLimits limits) {
        this(tokenizer, limits, MOST_BYTES);
    }

    /** @param mostBytes what the grammars that are kept may take, but for the last one */
    ConstraintCompiler(Tokenizer tokenizer, GrammarLimits limits, long mostBytes) {
        this.tokenizer = tokenizer;
        this.limits = limits;
        this.mostBytes = mostBytes;
    }

    /** As below, for a model that writes calls as the Hermes family does. */
    public Optional<CompiledGrammar> compile(OutputConstraint constraint) {
        return compile(constraint, ToolCallForm.HERMES);
    }

    /**
     * The grammar of a constraint; empty if there is nothing to hold to.
     *
     * @param calls how the model writes calls
     * @throws InferenceException.InvalidConstraint if it cannot be guaranteed
     */
    public Optional<CompiledGrammar> compile(OutputConstraint constraint, ToolCallForm calls) {
        if (constraint instanceof OutputConstraint.Free) {
            return Optional.empty();
        }
        Wanted wanted = new Wanted(constraint, calls);
        CompletableFuture<CompiledGrammar> mine = new CompletableFuture<>();
        CompletableFuture<CompiledGrammar> first = keep(wanted, mine);
        if (first == mine) {
            complete(wanted, mine);
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
            Wanted wanted, CompletableFuture<CompiledGrammar> otherwise) {
        CompletableFuture<CompiledGrammar> known = kept.putIfAbsent(wanted, otherwise);
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

    private void complete(Wanted wanted, CompletableFuture<CompiledGrammar> future) {
        try {
            future.complete(new CompiledGrammar(grammar(wanted), vocabulary(wanted.calls()), limits));
        } catch (RuntimeException | StackOverflowError e) {
            synchronized (this) {
                kept.remove(wanted, future);
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

    /** The plain vocabulary, unless the tags of calls are control tokens; of those the last one is kept. */
    private synchronized TokenVocabulary vocabulary(ToolCallForm calls) {
        String frame = calls.open() + calls.between().orElse("") + calls.end();
        Set<Integer> tags = IntStream.range(0, tokenizer.size())
                .filter(token ->
                        tokenizer.kind(token) == TokenKind.CONTROL && frame.contains(tokenizer.spelling(token)))
                .boxed()
                .collect(Collectors.toSet());
        if (tags.isEmpty()) {
            return vocabulary();
        }
        if (tagVocabulary == null || !tagVocabulary.tags().equals(tags)) {
            tagVocabulary = new TagVocabulary(tags, TokenVocabulary.of(tokenizer, tags));
        }
        return tagVocabulary.tokens();
    }

    static Grammar grammar(OutputConstraint constraint) {
        return grammar(new Wanted(constraint, ToolCallForm.HERMES));
    }

    private static Grammar grammar(Wanted wanted) {
        return switch (wanted.constraint()) {
            case OutputConstraint.Free ignored -> throw new IllegalArgumentException("any text needs no grammar");
            case OutputConstraint.JsonObject ignored -> JsonGrammar.anyObject();
            case OutputConstraint.JsonSchema(String schema, boolean strict) -> ofSchema(schema, strict);
            case OutputConstraint.Regex(String expression) ->
                Grammar.of(RegexParser.wholeMatch(expression, CharacterSpelling.PLAIN));
            case OutputConstraint.OneOf oneOf -> ofTexts(oneOf);
            case OutputConstraint.ToolCalls calls -> ToolCallGrammar.of(calls, wanted.calls());
        };
    }

    private static Grammar ofSchema(String schema, boolean strict) {
        try {
            return JsonSchemaGrammar.of(SchemaText.JSON.readTree(schema), strict);
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

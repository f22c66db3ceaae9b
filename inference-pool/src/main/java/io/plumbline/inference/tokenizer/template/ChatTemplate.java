package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.pool.ChatMessage;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chat template, read once and rendered for any number of conversations by any number of threads. */
public final class ChatTemplate {
    private static final int MAX_SOURCE = 1 << 18;

    private final List<Statement> statements;

    private ChatTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @param source Jinja source, as in {@code tokenizer.chat_template}
     * @throws TemplateException of kind SYNTAX if it is none, or uses what is not supported
     */
    public static ChatTemplate of(String source) {
        if (source.length() > MAX_SOURCE) {
            throw new TemplateException(
                    TemplateException.Kind.SYNTAX,
                    "The chat template has more than %d characters".formatted(MAX_SOURCE),
                    0);
        }
        return new ChatTemplate(new Parser(new Lexer(source).tokens()).parse());
    }

    /**
     * Renders a conversation.
     *
     * @param messages the turns
     * @param addGenerationPrompt whether the text ends with the beginning of the model's turn
     * @param specialTokens {@code bos_token}, {@code eos_token} and the like
     * @throws TemplateException if the template refuses the messages, fails on them, or exceeds a limit
     */
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, String> specialTokens) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
        variables.putAll(ConversationVariables.of(messages, List.of(), addGenerationPrompt));
        return render(variables);
    }

    /**
     * Renders with any variables, now and here.
     *
     * @param variables JSON-like values by name: strings, numbers, booleans, lists, maps, null
     * @throws TemplateException as above
     */
    public String render(Map<String, ? extends @Nullable Object> variables) {
        return render(variables, Clock.system(ZoneId.systemDefault()));
    }

    /**
     * Renders with any variables.
     *
     * @param variables as above
     * @param clock what {@code strftime_now} reads
     * @throws TemplateException as above
     */
    public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Budget budget = new Budget();
        Scope scope = new Scope(null);
        // transformers always defines these two; templates test them with "is not none"
        scope.set("tools", Value.None.NONE);
        scope.set("documents", Value.None.NONE);
        Globals.define(scope, budget, ZonedDateTime.now(clock));
        variables.forEach((name, value) -> scope.set(name, Values.of(value)));
        return new Renderer(budget).render(statements, scope);
    }
}

package io.plumbline.inference.engine;

import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.tokenizer.TokenKind;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.tokenizer.template.ChatTemplate;
import io.plumbline.inference.tokenizer.template.TemplateException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Renders and tokenises prompts. Thread-safe.
 *
 * <p>A control token that a user spells out in a message stays plain text: only the template can begin and end turns.
 * To that end such spellings pass through the template as characters of the private use area and are tokenised apart.
 */
public final class PromptEncoder {
    private static final int FIRST_PRIVATE_USE = 0xE000;
    private static final int LAST_PRIVATE_USE = 0xF8FF;

    private final String model;
    private final Tokenizer tokenizer;
    private final Optional<ChatTemplate> ownTemplate;
    private final Map<String, String> specialTokens = new HashMap<>();
    private final Set<String> controlSpellings = new HashSet<>();
    private final int[] controlLengths;
    private final int[] prefix;

    /**
     * An encoder for one model.
     *
     * @param model its name, for messages
     * @param tokenizer its tokenizer
     * @param templateSource its own chat template, if its file brings one
     * @throws TemplateException if that is not a template this product understands
     */
    public PromptEncoder(String model, Tokenizer tokenizer, Optional<String> templateSource) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.ownTemplate = templateSource.map(ChatTemplate::of);
        specialToken("bos_token", tokenizer.bos());
        specialToken("eos_token", tokenizer.eos());
        for (int token = 0; token < tokenizer.size(); token++) {
            if (tokenizer.kind(token) == TokenKind.CONTROL) {
                controlSpellings.add(tokenizer.spelling(token));
            }
        }
        this.controlLengths = controlSpellings.stream()
                .mapToInt(String::length)
                .distinct()
                .sorted()
                .toArray();
        this.prefix = tokenizer.encode("", false, true);
    }

    /** Whether the model's file brings a chat template. */
    public boolean hasTemplate() {
        return ownTemplate.isPresent();
    }

    /**
     * The tokens of a prompt.
     *
     * @throws InferenceException.InvalidPrompt if there is no template, or it refuses the messages
     */
    public int[] encode(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text(String text) -> tokenizer.encode(text, false, true);
            case Prompt.Chat chat -> encodeChat(chat);
        };
    }

    private int[] encodeChat(Prompt.Chat chat) {
        if (chat.messages().isEmpty()) {
            throw new InferenceException.InvalidPrompt("There are no messages; send at least one.");
        }
        List<ChatMessage> messages = ToolMessages.asText(chat);
        Map<String, Character> standIns = standIns(messages);
        List<ChatMessage> harmless = messages.stream()
                .map(message -> new ChatMessage(message.role(), replaced(message.content(), standIns)))
                .toList();
        String rendered;
        try {
            ChatTemplate template =
                    chat.template().map(ChatTemplate::of).or(() -> ownTemplate).orElseThrow(this::noTemplate);
            rendered = template.render(harmless, true, specialTokens);
        } catch (TemplateException e) {
            throw new InferenceException.InvalidPrompt(
                    "The chat template does not accept these messages: " + e.getMessage());
        }
        return withPrefix(tokenise(rendered, standIns));
    }

    private InferenceException noTemplate() {
        return new InferenceException.InvalidPrompt(
                ("The model '%s' has no chat template, so it cannot answer messages."
                                + " Choose a chat template for its deployment, or send a plain text prompt.")
                        .formatted(model));
    }

    /** A template need not begin with the tokens that the model wants in front of every text. */
    private int[] withPrefix(int[] tokens) {
        boolean there =
                tokens.length >= prefix.length && Arrays.equals(tokens, 0, prefix.length, prefix, 0, prefix.length);
        if (there) {
            return tokens;
        }
        int[] joined = Arrays.copyOf(prefix, prefix.length + tokens.length);
        System.arraycopy(tokens, 0, joined, prefix.length, tokens.length);
        return joined;
    }

    private int[] tokenise(String rendered, Map<String, Character> standIns) {
        if (standIns.isEmpty()) {
            return tokenizer.encode(rendered, true, false);
        }
        IntStream tokens = IntStream.empty();
        int start = 0;
        for (int i = 0; i < rendered.length(); i++) {
            Optional<String> spelling = spelling(rendered.charAt(i), standIns);
            if (spelling.isPresent()) {
                tokens = IntStream.concat(
                        tokens, Arrays.stream(tokenizer.encode(rendered.substring(start, i), true, false)));
                tokens = IntStream.concat(tokens, Arrays.stream(tokenizer.encode(spelling.get(), false, false)));
                start = i + 1;
            }
        }
        return IntStream.concat(tokens, Arrays.stream(tokenizer.encode(rendered.substring(start), true, false)))
                .toArray();
    }

    private static Optional<String> spelling(char character, Map<String, Character> standIns) {
        return standIns.entrySet().stream()
                .filter(entry -> entry.getValue() == character)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Gives every control spelling in the messages a character that occurs in none of them. */
    private Map<String, Character> standIns(List<ChatMessage> messages) {
        Map<String, Character> standIns = new LinkedHashMap<>();
        int next = FIRST_PRIVATE_USE;
        for (ChatMessage message : messages) {
            String content = message.content();
            for (int i = 0; i < content.length(); i++) {
                Optional<String> found = controlAt(content, i);
                if (found.isEmpty() || standIns.containsKey(found.get())) {
                    continue;
                }
                while (occurs((char) next, messages)) {
                    next++;
                }
                if (next > LAST_PRIVATE_USE) {
                    throw new InferenceException.InvalidPrompt(
                            "The messages spell out too many control tokens; remove them.");
                }
                standIns.put(found.get(), (char) next++);
            }
        }
        return standIns;
    }

    private String replaced(String content, Map<String, Character> standIns) {
        if (standIns.isEmpty()) {
            return content;
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < content.length()) {
            Optional<String> control = controlAt(content, i);
            if (control.isPresent()) {
                text.append(standIns.get(control.get()));
                i += control.get().length();
            } else {
                text.append(content.charAt(i++));
            }
        }
        return text.toString();
    }

    /** The longest control spelling at a position. */
    private Optional<String> controlAt(String content, int at) {
        for (int i = controlLengths.length - 1; i >= 0; i--) {
            int end = at + controlLengths[i];
            if (end <= content.length() && controlSpellings.contains(content.substring(at, end))) {
                return Optional.of(content.substring(at, end));
            }
        }
        return Optional.empty();
    }

    private static boolean occurs(char character, List<ChatMessage> messages) {
        return messages.stream().anyMatch(message -> message.content().indexOf(character) >= 0);
    }

    private void specialToken(String name, OptionalInt token) {
        token.ifPresent(id -> specialTokens.put(name, tokenizer.spelling(id)));
    }
}

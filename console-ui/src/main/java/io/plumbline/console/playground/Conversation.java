package io.plumbline.console.playground;

import com.vaadin.flow.server.VaadinSession;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What was said in the playground since it was begun anew. It lives as long as the sign-in, so that a look at another page
 * or a change of language costs nothing.
 */
final class Conversation {
    private final List<Turn> turns = new CopyOnWriteArrayList<>();
    private Settings settings = Settings.INITIAL;

    /**
     * What questions are asked with.
     *
     * @param model empty until one was chosen
     * @param systemPrompt may be empty
     */
    record Settings(Optional<String> model, String systemPrompt, double temperature, int maxTokens) {
        static final Settings INITIAL = new Settings(Optional.empty(), "", 0.7, 256);
    }

    /** The signed-in person's conversation for a tenant. */
    static Conversation of(VaadinSession session, TenantId tenant) {
        String key = "plumbline.playground." + tenant.value();
        if (session.getAttribute(key) instanceof Conversation known) {
            return known;
        }
        Conversation fresh = new Conversation();
        session.setAttribute(key, fresh);
        return fresh;
    }

    List<Turn> turns() {
        return List.copyOf(turns);
    }

    void add(Turn turn) {
        turns.add(turn);
    }

    void clear() {
        turns.forEach(Turn::stop);
        turns.clear();
    }

    Settings settings() {
        return settings;
    }

    void choose(Settings chosen) {
        settings = chosen;
    }

    /**
     * The messages of a request. A turn without an answer is left out with its question: rules would only withhold the whole
     * again because of it.
     */
    List<ChatMessage> messages(String question) {
        List<ChatMessage> messages = new ArrayList<>();
        if (!settings.systemPrompt().isBlank()) {
            messages.add(new ChatMessage("system", settings.systemPrompt()));
        }
        for (Turn turn : turns) {
            turn.reply().said().ifPresent(said -> {
                messages.add(new ChatMessage("user", turn.question()));
                messages.add(new ChatMessage("assistant", said));
            });
        }
        messages.add(new ChatMessage("user", question));
        return messages;
    }
}

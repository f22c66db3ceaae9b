package io.plumbline.console.playground;

import io.plumbline.inference.pool.ChatMessage;
import java.util.List;
import java.util.Locale;

/** Which part of an exchange a rule spoke of. */
enum Place {
    SYSTEM_PROMPT,
    EARLIER,
    QUESTION,
    ANSWER;

    /**
     * Reads where a finding was.
     *
     * @param item as in a verdict: {@code messages[1]} or {@code choices[0]}
     */
    static Place of(String item, List<ChatMessage> messages) {
        if (!item.startsWith("messages[")) {
            return ANSWER;
        }
        int index = Integer.parseInt(item.substring("messages[".length(), item.length() - 1));
        if (index == messages.size() - 1) {
            return QUESTION;
        }
        return messages.get(index).role().equals("system") ? SYSTEM_PROMPT : EARLIER;
    }

    /** Key of its name. */
    String key() {
        return "playground.place." + name().toLowerCase(Locale.ROOT);
    }
}

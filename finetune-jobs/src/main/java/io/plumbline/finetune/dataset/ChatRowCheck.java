package io.plumbline.finetune.dataset;

import static io.plumbline.finetune.dataset.ChatRowParser.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.finetune.dataset.ChatRow.Turn;
import io.plumbline.finetune.dataset.ValidationReport.Problem;
import io.plumbline.inference.pool.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks one JSON object against the chat form of OpenAI's supervised fine-tuning data. Collects every problem of the
 * row instead of stopping at the first. Unknown keys beside {@code messages} are allowed (a source, a licence); unknown
 * keys inside a message are not, since a misspelt {@code weight} would train silently on the wrong text.
 */
final class ChatRowCheck {
    private static final Set<String> MESSAGE_KEYS = Set.of("role", "content", "name", "weight");
    private static final Map<String, String> REFUSED_ROW_KEYS = Map.of(
            "tools", "training on tool calls is not supported; remove the rows that use tools",
            "functions", "training on function calls is not supported; remove the rows that use functions",
            "prompt", "this is the prompt/completion form; expected {\"messages\": [{\"role\": …, \"content\": …}, …]}",
            "preferred_output", "this is preference data; supervised fine-tuning expects {\"messages\": […]} only");
    private static final Map<String, String> REFUSED_MESSAGE_KEYS = Map.of(
            "tool_calls", "training on tool calls is not supported; remove the row",
            "tool_call_id", "training on tool calls is not supported; remove the row",
            "function_call", "training on function calls is not supported; remove the row");
    private static final Map<String, String> REFUSED_ROLES = Map.of(
            "tool", "training on tool results is not supported; expected system, user or assistant",
            "function", "training on function results is not supported; expected system, user or assistant",
            "developer", "chat templates know no developer role; expected system, user or assistant (use system)");

    private final int line;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    ChatRowCheck(int line) {
        this.line = line;
    }

    RowResult check(JsonNode root) {
        root.fieldNames().forEachRemaining(key -> {
            String refused = REFUSED_ROW_KEYS.get(key);
            if (refused != null && root.hasNonNull(key)) {
                problem(key, refused);
            }
        });
        JsonNode messages = root.path("messages");
        if (!messages.isArray()) {
            if (problems.isEmpty()) {
                problem("messages", "expected an array of messages, found " + kind(messages));
            }
        } else if (messages.isEmpty()) {
            problem("messages", "the array is empty; expected at least a user and an assistant message");
        } else {
            checkMessages(messages);
        }
        return problems.isEmpty() ? new RowResult.Good(new ChatRow(line, turns)) : new RowResult.Broken(problems);
    }

    private void checkMessages(JsonNode messages) {
        for (int i = 0; i < messages.size(); i++) {
            checkMessage("messages[" + i + "]", messages.get(i));
        }
        if (!problems.isEmpty()) {
            return;
        }
        int last = turns.size() - 1;
        if (!isRole(turns.get(last), "assistant")) {
            problem(
                    "messages[%d].role".formatted(last),
                    "the last message must be the assistant's, found %s"
                            .formatted(turns.get(last).message().role()));
        }
        if (turns.stream().noneMatch(t -> isRole(t, "user"))) {
            problem("messages", "expected at least one user message");
        }
        if (problems.isEmpty() && turns.stream().noneMatch(Turn::trained)) {
            problem("messages", "every assistant message has weight 0; expected at least one to learn from");
        }
    }

    private void checkMessage(String field, JsonNode message) {
        if (!message.isObject()) {
            problem(field, "expected an object with role and content, found " + kind(message));
            return;
        }
        int before = problems.size();
        message.fieldNames().forEachRemaining(key -> checkKey(field, key, message.get(key)));
        String role = checkRole(field + ".role", message.path("role"));
        checkContent(field + ".content", message.path("content"));
        boolean trained = checkWeight(field + ".weight", role, message.path("weight"));
        if (problems.size() == before) {
            turns.add(new Turn(new ChatMessage(role, message.path("content").textValue()), trained));
        }
    }

    private void checkKey(String field, String key, JsonNode value) {
        String refused = REFUSED_MESSAGE_KEYS.get(key);
        if (refused != null) {
            if (!value.isNull()) {
                problem(field + "." + key, refused);
            }
        } else if (!MESSAGE_KEYS.contains(key)) {
            problem(field + "." + key, "unknown key; expected role, content, name or weight");
        } else if (key.equals("name") && !value.isTextual()) {
            problem(field + ".name", "expected a string, found " + kind(value));
        }
    }

    private String checkRole(String field, JsonNode role) {
        if (!role.isTextual()) {
            problem(field, "expected system, user or assistant, found " + kind(role));
            return "";
        }
        String name = role.textValue();
        if (!name.equals("system") && !name.equals("user") && !name.equals("assistant")) {
            problem(
                    field,
                    REFUSED_ROLES.getOrDefault(
                            name, "unknown role \"%s\"; expected system, user or assistant".formatted(brief(name))));
        }
        return name;
    }

    private void checkContent(String field, JsonNode content) {
        if (!content.isTextual()) {
            problem(field, "expected a string, found " + kind(content));
            return;
        }
        String text = content.textValue();
        if (text.isBlank()) {
            problem(field, "the text is empty; expected at least one visible character");
        }
        int lone = indexOfLoneSurrogate(text);
        if (lone >= 0) {
            problem(
                    field,
                    "character %d is half of a surrogate pair (\\u%04x); expected valid Unicode"
                            .formatted(lone + 1, (int) text.charAt(lone)));
        }
    }

    private boolean checkWeight(String field, String role, JsonNode weight) {
        boolean assistant = role.equals("assistant");
        if (weight.isMissingNode()) {
            return assistant;
        }
        if (!weight.isIntegralNumber() || (weight.asLong() != 0 && weight.asLong() != 1)) {
            problem(field, "expected 0 or 1, found " + (weight.isNumber() ? weight.asText() : kind(weight)));
        } else if (!assistant) {
            problem(field, "only assistant messages have a weight; remove it");
        }
        return assistant && weight.asLong() == 1;
    }

    private static int indexOfLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isRole(Turn turn, String role) {
        return turn.message().role().equals(role);
    }

    private static String brief(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private void problem(String field, String reason) {
        problems.add(new Problem(line, field, reason));
    }
}

package io.plumbline.inference.toolcall;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a model writes calls: what stands around the names and the arguments, to the last byte.
 *
 * @param open before the name of the first call
 * @param beforeArguments between a name and its arguments, which are a JSON object
 * @param between between the arguments of a call and the name of the next; empty = one call an answer
 * @param end behind the last arguments
 */
public record ToolCallForm(String open, String beforeArguments, Optional<String> between, String end) {
    /** What calls look like outside the engine, and what the Hermes and Qwen families write: {@link ToolCallFormat}. */
    public static final ToolCallForm HERMES = new ToolCallForm(
            ToolCallFormat.BEFORE_NAME,
            ToolCallFormat.BEFORE_ARGUMENTS,
            Optional.of(ToolCallFormat.END + ToolCallFormat.BETWEEN + ToolCallFormat.BEFORE_NAME),
            ToolCallFormat.END);

    /** A tag such as {@code <tool_call>} or {@code [TOOL_CALLS]}: all up to a space or the JSON behind it. */
    private static final Pattern TAG = Pattern.compile("[^\\s{]*[\\p{L}][^\\s{\\[]*");

    public ToolCallForm {
        if (open.isBlank() || beforeArguments.isBlank()) {
            throw new IllegalArgumentException("calls without a frame cannot be told from text");
        }
    }

    /**
     * Whether calls begin with a tag, so that they may come behind words. Without one (Llama 3 writes bare JSON) an answer
     * is calls from its first character, or words.
     */
    boolean tagged() {
        return TAG.matcher(open).lookingAt();
    }

    /** Where words end and a call has begun; plain text never contains it. */
    String marker() {
        Matcher tag = TAG.matcher(open);
        return tag.lookingAt() ? tag.group() : open;
    }
}

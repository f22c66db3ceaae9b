package io.plumbline.inference.toolcall;

/**
 * The form of a call in the text of every answer that leaves the pool, that of the Hermes and Qwen families. A model that
 * writes calls in another form ({@link ToolCallForm}) is translated.
 *
 * <pre>{@code
 * <tool_call>
 * {"name": "weather", "arguments": {"city": "Paris"}}
 * </tool_call>
 * }</pre>
 *
 * <p>The grammar keeps every byte of the frame as it is here, so that reading it back needs no guesses.
 */
public final class ToolCallFormat {
    /** What begins a call; plain text never contains it. */
    public static final String MARKER = "<tool_call>";

    static final String BEFORE_NAME = MARKER + "\n{\"name\": \"";
    static final String BEFORE_ARGUMENTS = "\", \"arguments\": ";

    /** Ends a call. It cannot stand within arguments: JSON has no line end in a string. */
    public static final String END = "}\n</tool_call>";

    /** Stands between calls, and between words and a call. */
    public static final String BETWEEN = "\n";

    private ToolCallFormat() {}

    /** A call up to its arguments, a JSON object; {@link #END} follows them. */
    public static String beginning(String name) {
        return BEFORE_NAME + name + BEFORE_ARGUMENTS;
    }

    /** A call as a model writes it. */
    public static String written(String name, String arguments) {
        return beginning(name) + arguments + END;
    }
}

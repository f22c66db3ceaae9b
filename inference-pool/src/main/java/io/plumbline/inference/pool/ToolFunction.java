package io.plumbline.inference.pool;

/**
 * A function that a model may call.
 *
 * @param name letters, digits, underscores and hyphens
 * @param description for the model; may be empty
 * @param parameters JSON Schema of the arguments, as JSON; empty = any object
 * @param strict whether keywords of the schema that cannot be enforced are refused; else they are left out
 */
public record ToolFunction(String name, String description, String parameters, boolean strict) {
    public ToolFunction {
        if (!name.matches("[a-zA-Z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "the name of a function has 1 to 64 letters, digits, underscores and hyphens: " + name);
        }
    }
}

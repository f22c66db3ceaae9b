package io.plumbline.inference.pool;

/** Whether an answer calls tools. */
public enum ToolUse {
    /** The model decides: text, calls, or text and then calls. */
    AUTO,
    /** There is at least one call, and nothing else. */
    REQUIRED
}

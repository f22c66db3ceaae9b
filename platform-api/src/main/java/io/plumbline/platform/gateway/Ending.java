package io.plumbline.platform.gateway;

/** Why a choice ended, in OpenAI's words. */
public enum Ending {
    STOP("stop"),
    LENGTH("length"),
    /** The answer calls tools; the caller runs them and sends back what they return. */
    TOOL_CALLS("tool_calls"),
    /** A rule withheld the answer, or the question. */
    CONTENT_FILTER("content_filter");

    private final String wireName;

    Ending(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}

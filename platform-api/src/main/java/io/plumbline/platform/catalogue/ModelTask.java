package io.plumbline.platform.catalogue;

/** What a model is for. */
public enum ModelTask {
    /** Answers conversations. */
    CHAT("chat", "POST /v1/chat/completions"),
    /** Turns texts into vectors. */
    EMBEDDING("embedding", "POST /v1/embeddings");

    private final String wireName;
    private final String route;

    ModelTask(String wireName, String route) {
        this.wireName = wireName;
        this.route = route;
    }

    public String wireName() {
        return wireName;
    }

    /** Where it is used. */
    public String route() {
        return route;
    }
}

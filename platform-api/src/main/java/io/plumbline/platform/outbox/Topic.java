package io.plumbline.platform.outbox;

/** Where events go. */
public enum Topic {
    USAGE("plumbline.usage"),
    JOBS("plumbline.jobs"),
    DEPLOYMENTS("plumbline.deployments"),
    FILES("plumbline.files"),
    REVIEWS("plumbline.reviews");

    private final String wireName;

    Topic(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}

package io.plumbline.platform.dataset;

import java.util.Arrays;
import java.util.Optional;

/** What a file is for. */
public enum Purpose {
    FINE_TUNE("fine-tune");

    private final String wireName;

    Purpose(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<Purpose> of(String wireName) {
        return Arrays.stream(values()).filter(p -> p.wireName.equals(wireName)).findFirst();
    }
}

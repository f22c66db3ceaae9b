package io.plumbline.platform.finetuning;

import io.plumbline.platform.testing.Callers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small training files. */
public final class TrainingRows {
    private TrainingRows() {}

    public static byte[] rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ("{\"messages\":[{\"role\":\"user\",\"content\":\"Which shelf holds part %d?\"},"
                                + "{\"role\":\"assistant\",\"content\":\"Part %d lies on shelf %d.\"}]}\n")
                        .formatted(i, i, i % 7))
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Uploads as the engineer of a tenant and returns the file's id. */
    public static String upload(String tenant, int count) {
        return Callers.as("engineer@%s.example".formatted(tenant))
                .multiPart("file", "rows.jsonl", rows(count))
                .multiPart("purpose", "fine-tune")
                .post("/v1/files")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }
}

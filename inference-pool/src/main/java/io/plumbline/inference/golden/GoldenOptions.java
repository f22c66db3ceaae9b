package io.plumbline.inference.golden;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a suite may need besides its folder.
 *
 * @param root the golden directory itself; a suite may read a sibling folder, as {@code lora} reads {@code arch}
 * @param backend name of the kernel backend to check, or {@code auto}
 * @param models base model files by name, such as {@code smollm2}
 */
public record GoldenOptions(Path root, String backend, Map<String, Path> models) {
    public Optional<Path> model(String name) {
        return Optional.ofNullable(models.get(name));
    }
}

package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Tiny models with random weights and reference results, among the test resources. */
public final class TestModels {
    private TestModels() {}

    /** A file or folder below {@code src/test/resources/model}. */
    public static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(TestModels.class.getResource("/model/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The slow backend: runs everywhere. */
    public static Backend reference() {
        return Backends.open("reference", new BackendOptions(1));
    }

    public static LoadedModel open(String name, Backend backend) {
        try {
            return LoadedModel.open(path(name), backend);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static PeftAdapter adapter(String name) {
        try {
            return PeftAdapterFolder.read(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.plumbline.ascend.acl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The libraries of one toolkit.
 *
 * @param runtime {@code libacl_rt.so} (split generation) or {@code libascendcl.so} (classic)
 * @param meta {@code libnnopbase.so}, which may be missing
 * @param operators the split libraries, or the one for all
 */
public record ToolkitFiles(Path runtime, Path meta, List<Path> operators) {
    public ToolkitFiles {
        operators = List.copyOf(operators);
    }

    /** Names of files that should lie beside the runtime library and do not. */
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!Files.isRegularFile(meta)) {
            missing.add(String.valueOf(meta.getFileName()));
        }
        if (operators.isEmpty()) {
            missing.add("libopapi.so (or libopapi_math.so, libopapi_nn.so, libopapi_transformer.so)");
        }
        return missing;
    }

    /** The toolkit's folder, above {@code lib64}. */
    Path home() {
        Path folder = runtime.toAbsolutePath().getParent();
        Path home = folder == null ? null : folder.getParent();
        return home == null ? runtime : home;
    }
}

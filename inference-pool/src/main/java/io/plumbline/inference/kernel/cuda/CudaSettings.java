package io.plumbline.inference.kernel.cuda;

import java.nio.file.Path;
import java.util.Map;

/**
 * The variables that steer this backend; {@code LibrarySearch} has those that name libraries.
 *
 * @param device PLUMBLINE_CUDA_DEVICE: number of the device among those that CUDA_VISIBLE_DEVICES leaves, as it is written
 * @param cache PLUMBLINE_CUDA_CACHE: folder for compiled kernels
 */
record CudaSettings(String device, Path cache) {
    static final String DEVICE = "PLUMBLINE_CUDA_DEVICE";
    static final String CACHE = "PLUMBLINE_CUDA_CACHE";

    static CudaSettings of(Map<String, String> environment) {
        String device = environment.getOrDefault(DEVICE, "").strip();
        return new CudaSettings(device.isEmpty() ? "0" : device, cache(environment));
    }

    /** As the XDG Base Directory specification has it. */
    private static Path cache(Map<String, String> environment) {
        String own = environment.getOrDefault(CACHE, "").strip();
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "").strip();
        Path folder = caches.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(caches);
        return folder.resolve("plumbline").resolve("cuda");
    }
}

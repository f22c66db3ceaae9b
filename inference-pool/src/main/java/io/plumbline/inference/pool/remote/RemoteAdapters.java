package io.plumbline.inference.pool.remote;

import java.nio.file.Path;

/** How a remote engine comes by this installation's adapters; it serves each as a model of its own name. */
public sealed interface RemoteAdapters {
    /** Not at all: deployments with adapters are refused. */
    record None() implements RemoteAdapters {}

    /**
     * Somebody puts them there, under {@code TENANT:NAME}; loading one checks that the server lists it. Another Plumbline
     * lists a tenant's models by their names here, to a key of that tenant alone.
     */
    record Listed() implements RemoteAdapters {}

    /**
     * The server loads them from a folder both can read (vLLM with {@code VLLM_ALLOW_RUNTIME_LORA_UPDATING=true}).
     *
     * @param here the folder of adapters as this process sees it
     * @param there the same folder as the server sees it
     */
    record SharedFolder(Path here, String there) implements RemoteAdapters {
        public SharedFolder {
            here = here.toAbsolutePath().normalize();
        }

        /**
         * A folder's path on the server.
         *
         * @throws IllegalArgumentException if it is not below the shared one
         */
        String pathThere(Path folder) {
            Path absolute = folder.toAbsolutePath().normalize();
            if (!absolute.startsWith(here)) {
                throw new IllegalArgumentException(
                        "the adapter's folder is not below the folder shared with the engine");
            }
            String below = here.relativize(absolute).toString().replace('\\', '/');
            return there.replaceFirst("/+$", "") + "/" + below;
        }
    }
}

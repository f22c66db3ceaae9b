package io.plumbline.inference.pool.remote;

/**
 * A base model that a remote engine serves.
 *
 * @param id the name callers use here
 * @param remoteName the name the server knows it by
 * @param contextLength positions, prompt and answer together
 * @param sha256 digest of the model that adapters for it name as their base; empty if no adapters of this installation
 *     are used with it
 */
public record RemoteModel(String id, String remoteName, int contextLength, String sha256) {
    public RemoteModel {
        if (id.isBlank() || remoteName.isBlank()) {
            throw new IllegalArgumentException("a remote model needs an id here and a name there");
        }
        if (contextLength < 2) {
            throw new IllegalArgumentException("the context length of the remote model %s must be at least 2, not %d"
                    .formatted(id, contextLength));
        }
        if (!sha256.isEmpty() && !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "the sha256 of the remote model %s must be 64 lower-case hex digits".formatted(id));
        }
    }
}

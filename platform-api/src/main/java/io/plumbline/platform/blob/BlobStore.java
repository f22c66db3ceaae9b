package io.plumbline.platform.blob;

import io.plumbline.inference.TenantId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Immutable files, addressed by their content, each tenant's apart: equal content of two tenants is stored twice, so that
 * nobody learns from an upload what others have.
 */
public interface BlobStore {
    /**
     * Stores a copy of a file; storing the same content again changes nothing. When this returns, the bytes are on disk.
     *
     * @throws StorageFailed if there is no room, or the disk fails; nothing is left behind
     */
    Stored put(TenantId tenant, Path source);

    /** A blob as a file on this machine; it must not be changed. Empty if there is none of that address. */
    Optional<Path> file(TenantId tenant, Sha256 address);

    /** Removes a blob; unknown addresses are ignored. */
    void delete(TenantId tenant, Sha256 address);

    /** @param bytes its length */
    record Stored(Sha256 address, long bytes) {}
}

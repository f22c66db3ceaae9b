package io.plumbline.platform.blob;

import io.plumbline.inference.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** Blobs as files {@code DATA/blobs/TENANT/ab/abcd…}, written beside their place and renamed into it. */
@ApplicationScoped
class DirectoryBlobStore implements BlobStore {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path root;

    @Inject
    DirectoryBlobStore(BlobConfig config) {
        this.root = config.data().toAbsolutePath().resolve("blobs");
    }

    @Override
    public Stored put(TenantId tenant, Path source) {
        try {
            Path directory = Files.createDirectories(root.resolve(tenant.value()));
            Path temporary = Files.createTempFile(directory, ".incoming-", "");
            try {
                Stored stored = copy(source, temporary);
                Path target = path(tenant, stored.address());
                Files.createDirectories(target.getParent());
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                return stored;
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new StorageFailed(e);
        }
    }

    @Override
    public Optional<Path> file(TenantId tenant, Sha256 address) {
        return Optional.of(path(tenant, address)).filter(Files::isRegularFile);
    }

    @Override
    public void delete(TenantId tenant, Sha256 address) {
        try {
            Files.deleteIfExists(path(tenant, address));
        } catch (IOException e) {
            throw new StorageFailed(e);
        }
    }

    private static Stored copy(Path source, Path target) throws IOException {
        MessageDigest digest = Sha256.digest();
        long bytes = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(source);
                FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, n);
                while (chunk.hasRemaining()) {
                    bytes += out.write(chunk);
                }
            }
            out.force(true);
        }
        return new Stored(new Sha256(HexFormat.of().formatHex(digest.digest())), bytes);
    }

    private Path path(TenantId tenant, Sha256 address) {
        return root.resolve(tenant.value())
                .resolve(address.hex().substring(0, 2))
                .resolve(address.hex());
    }
}

package io.plumbline.platform.adapter;

import io.plumbline.inference.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * PEFT folders under {@code DATA/adapters/TENANT/DIGEST}. The digest is that of the list of files with their own
 * digests, so the folder of a digest never changes; tenants do not share folders, whatever their content.
 */
@ApplicationScoped
class AdapterFiles {
    /** Exactly what the engine reads; optimiser state and logs stay behind. */
    private static final List<String> FILES = List.of("adapter_config.json", "adapter_model.safetensors");

    private final Path root;

    @Inject
    AdapterFiles(@ConfigProperty(name = "plumbline.data") Path data) {
        root = data.toAbsolutePath().normalize().resolve("adapters");
    }

    /**
     * What was stored.
     *
     * @param sha256 digest of the folder
     * @param bytes size of its files
     */
    record Stored(String sha256, long bytes) {}

    /** Copies a PEFT folder; storing the same content again is a no-op. */
    Stored store(TenantId tenant, Path peft) throws IOException {
        Path home = root.resolve(tenant.value());
        Files.createDirectories(home);
        Path arriving = home.resolve("arriving-" + UUID.randomUUID());
        Files.createDirectory(arriving);
        try {
            for (String file : FILES) {
                Files.copy(peft.resolve(file), arriving.resolve(file));
            }
            Stored stored = new Stored(digest(arriving), size(arriving));
            moveInto(arriving, home.resolve(stored.sha256()));
            return stored;
        } finally {
            delete(arriving);
        }
    }

    private static void moveInto(Path arriving, Path place) throws IOException {
        if (Files.exists(place)) {
            return;
        }
        try {
            Files.move(arriving, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            if (!Files.isDirectory(place)) {
                throw e;
            }
        }
    }

    /**
     * The folder of an adapter, after reading every byte of it.
     *
     * @throws CorruptAdapter if it is not what was stored
     */
    Path verified(Adapter adapter) {
        Path folder = root.resolve(adapter.tenant().value()).resolve(adapter.sha256());
        String found;
        try {
            found = digest(folder);
        } catch (IOException e) {
            throw new CorruptAdapter(adapter.model(), "cannot be read");
        }
        if (!found.equals(adapter.sha256())) {
            throw new CorruptAdapter(adapter.model(), "were changed since training");
        }
        return folder;
    }

    void delete(TenantId tenant, String sha256) throws IOException {
        delete(root.resolve(tenant.value()).resolve(sha256));
    }

    private static void delete(Path folder) throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }

    private static long size(Path folder) throws IOException {
        long bytes = 0;
        for (String file : FILES) {
            bytes += Files.size(folder.resolve(file));
        }
        return bytes;
    }

    private static String digest(Path folder) throws IOException {
        MessageDigest whole = sha256();
        for (String file : FILES) {
            MessageDigest one = sha256();
            try (InputStream content = new DigestInputStream(Files.newInputStream(folder.resolve(file)), one)) {
                content.transferTo(java.io.OutputStream.nullOutputStream());
            }
            String line = "%s  %s\n".formatted(HexFormat.of().formatHex(one.digest()), file);
            whole.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(whole.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

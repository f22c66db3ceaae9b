package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file with the signing key, readable by its owner alone, and beside it {@code public-key.pem} for auditors. */
final class SigningKeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeyFile.class);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final Path file;

    SigningKeyFile(Path file) {
        this.file = file;
    }

    /**
     * Reads the key; where there is none yet, makes one.
     *
     * @throws IllegalStateException if the file is no signing key
     */
    SigningKey open() throws IOException {
        if (!Files.exists(file)) {
            create();
        }
        warnIfOpenToOthers();
        SigningKey key = read();
        publish(key);
        return key;
    }

    private SigningKey read() throws IOException {
        try {
            return SigningKey.ofPem(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Written in full before it gets its name, which only the first of several processes can give. */
    private void create() throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = Files.createTempFile(folder, ".signing-key-", "", OWNER_ONLY);
        try {
            Files.writeString(temporary, SigningKey.generate().pem(), StandardCharsets.US_ASCII);
            Files.createLink(file, temporary);
            LOG.info("made the signing key of the audit log: {}", file);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("another process made the signing key first", e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void publish(SigningKey key) throws IOException {
        Path published = file.resolveSibling("public-key.pem");
        String pem = key.verificationKey().pem();
        if (Files.exists(published) && Files.readString(published).equals(pem)) {
            return;
        }
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".public-key-", "");
        Files.writeString(temporary, pem, StandardCharsets.US_ASCII);
        Files.move(temporary, published, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void warnIfOpenToOthers() throws IOException {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            LOG.warn("others than its owner may read the signing key of the audit log; run: chmod 600 {}", file);
        }
    }
}

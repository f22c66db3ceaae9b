package io.plumbline.inference.kernel.cuda.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled images on disk, so that a process starts without compiling. An image is found by everything that it was made
 * from, and holds a digest of itself: a damaged file is as good as none. A folder that cannot be written costs time, not
 * function.
 */
public final class ImageCache {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCache.class);
    private static final int DIGEST_BYTES = 32;

    private final Path folder;

    public ImageCache(Path folder) {
        this.folder = folder;
    }

    /** The image for a target, from the cache if it is there, else compiled and kept. */
    public byte[] image(RuntimeCompiler compiler, KernelSource source, ImageTarget target) {
        Path file = folder.resolve(key(compiler, source, target) + ".image");
        return read(file).orElseGet(() -> compile(compiler, source, target, file));
    }

    /** Compiles in any case: the driver refused what the cache held. */
    public byte[] compileAnew(RuntimeCompiler compiler, KernelSource source, ImageTarget target) {
        return compile(compiler, source, target, folder.resolve(key(compiler, source, target) + ".image"));
    }

    private static byte[] compile(RuntimeCompiler compiler, KernelSource source, ImageTarget target, Path file) {
        LOG.info("compiling the CUDA kernels for {} with NVRTC {}", target, compiler.version());
        byte[] image = compiler.compile(source, target);
        write(file, image);
        return image;
    }

    private static String key(RuntimeCompiler compiler, KernelSource source, ImageTarget target) {
        MessageDigest digest = sha256();
        add(digest, compiler.version().toString());
        target.options().forEach(option -> add(digest, option));
        add(digest, source.text());
        source.headers().forEach((name, text) -> {
            add(digest, name);
            add(digest, text);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /** With its end, so that no two lists of texts are one. */
    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Optional<byte[]> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            byte[] content = Files.readAllBytes(file);
            if (content.length > DIGEST_BYTES) {
                byte[] image = Arrays.copyOfRange(content, DIGEST_BYTES, content.length);
                if (Arrays.equals(sha256().digest(image), Arrays.copyOf(content, DIGEST_BYTES))) {
                    return Optional.of(image);
                }
            }
            LOG.warn("{} is damaged; the CUDA kernels are compiled again", file);
        } catch (IOException e) {
            LOG.warn("{} cannot be read ({}); the CUDA kernels are compiled again", file, e.getMessage());
        }
        return Optional.empty();
    }

    /** Complete or not at all: another process may read at this moment. */
    private static void write(Path file, byte[] image) {
        try {
            Files.createDirectories(file.getParent());
            Path draft = Files.createTempFile(file.getParent(), "draft-", ".image");
            try {
                byte[] digest = sha256().digest(image);
                byte[] content = Arrays.copyOf(digest, DIGEST_BYTES + image.length);
                System.arraycopy(image, 0, content, DIGEST_BYTES, image.length);
                Files.write(draft, content);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            LOG.warn(
                    "the compiled CUDA kernels cannot be kept in {} ({}): the next start compiles again; set {} to a"
                            + " folder that may be written",
                    file.getParent(),
                    e.getMessage(),
                    "PLUMBLINE_CUDA_CACHE");
        }
    }
}

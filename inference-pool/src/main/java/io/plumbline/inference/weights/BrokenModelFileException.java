package io.plumbline.inference.weights;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A model or adapter file is not what it claims to be: wrong format, truncated, inconsistent, or of a kind that this
 * product does not read. The message says what is wrong, where, and what to do; it is meant for the person who
 * supplied the file.
 */
public final class BrokenModelFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String fault;
    private final long offset;
    private final String remedy;

    /**
     * @param file the file or folder
     * @param offset byte offset of the fault; negative = it has no single place
     * @param fault what is wrong, without a full stop
     * @param remedy what to do, a sentence
     */
    public BrokenModelFileException(Path file, long offset, String fault, String remedy) {
        super(message(file, offset, fault, remedy));
        this.file = file.toString();
        this.fault = fault;
        this.offset = offset;
        this.remedy = remedy;
    }

    private static String message(Path file, long offset, String fault, String remedy) {
        String where = offset < 0 ? "" : " (at byte %d)".formatted(offset);
        return "%s: %s%s. %s".formatted(file.getFileName(), fault, where, remedy);
    }

    /** The file or folder, as it was named by whoever opened it. */
    public Path file() {
        return Path.of(file);
    }

    /** What is wrong. */
    public String fault() {
        return fault;
    }

    /** Where in the file, if at one place. */
    public OptionalLong offset() {
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}

package io.plumbline.finetune.dataset;

/**
 * How large a training file may be.
 *
 * @param maxFileBytes bytes of the whole file
 * @param maxLineBytes bytes of one line, its end not counted; no more than this is ever held in memory
 * @param maxRows rows of the whole file
 */
public record DatasetLimits(long maxFileBytes, int maxLineBytes, int maxRows) {
    public DatasetLimits {
        if (maxFileBytes < 1 || maxLineBytes < 1 || maxRows < 1) {
            throw new IllegalArgumentException("limits must be at least 1: file=%d line=%d rows=%d"
                    .formatted(maxFileBytes, maxLineBytes, maxRows));
        }
    }

    /** 512 MiB (the limit of OpenAI's files API for fine-tuning), 1 MiB a line, a million rows. */
    public static DatasetLimits defaults() {
        return new DatasetLimits(512L << 20, 1 << 20, 1_000_000);
    }
}

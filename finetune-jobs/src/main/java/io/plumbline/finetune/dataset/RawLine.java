package io.plumbline.finetune.dataset;

/**
 * One line as bytes, without its end.
 *
 * @param number from 1
 * @param fileOffset bytes of the file before it
 * @param bytes its content, cut if too long
 * @param tooLong whether the line is longer than the limit
 */
// The array is handed over, never shared or compared: copying every line would double the work of reading.
@SuppressWarnings("ArrayRecordComponent")
record RawLine(int number, long fileOffset, byte[] bytes, boolean tooLong) {
    /** Whether it holds nothing but spaces and tabs. */
    boolean blank() {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t') {
                return false;
            }
        }
        return !tooLong;
    }
}

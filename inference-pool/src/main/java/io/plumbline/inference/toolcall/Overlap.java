package io.plumbline.inference.toolcall;

/** How far a text that is still coming may already be the beginning of something. */
final class Overlap {
    private Overlap() {}

    /** Length of the longest end of the text with which {@code sought} begins, without being there as a whole. */
    static int of(CharSequence text, String sought) {
        for (int length = Math.min(sought.length() - 1, text.length()); length > 0; length--) {
            if (sought.startsWith(
                    text.subSequence(text.length() - length, text.length()).toString())) {
                return length;
            }
        }
        return 0;
    }
}

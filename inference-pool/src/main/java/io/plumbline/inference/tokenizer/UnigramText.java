package io.plumbline.inference.tokenizer;

import java.util.List;

/** How a text is normalised before it is segmented. */
@FunctionalInterface
interface UnigramText {
    /** U+2581, which stands for a space. */
    char SPACE_MARK = '\u2581';

    /** The normalised text with U+2581 for spaces, in stretches of UTF-8 that no token crosses; none is empty. */
    List<byte[]> stretches(String text);
}

package io.plumbline.platform.screening;

import io.plumbline.compliance.screen.Verdict;

/**
 * A finding and the text it is about.
 *
 * @param item where the text stood, such as {@code messages[1]}, {@code choices[0]} or {@code line 12}
 */
public record ScreenedItem(String item, Verdict verdict) {}

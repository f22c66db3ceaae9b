package io.plumbline.inference.kernel.cuda.driver;

import java.util.SortedMap;

/**
 * The text of a translation unit.
 *
 * @param name told in the compiler's messages
 * @param text the unit itself
 * @param headers what it and they include, by the name they are included by
 */
public record KernelSource(String name, String text, SortedMap<String, String> headers) {}

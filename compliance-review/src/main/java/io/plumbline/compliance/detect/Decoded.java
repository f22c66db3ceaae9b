package io.plumbline.compliance.detect;

/**
 * A text that stood encoded in another one.
 *
 * @param text after decoding
 * @param source where the encoded run stands
 */
public record Decoded(String text, Match source) {}

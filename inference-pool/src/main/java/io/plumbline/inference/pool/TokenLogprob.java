package io.plumbline.inference.pool;

import java.util.List;

/**
 * The natural-log probability of a chosen token and of its best alternatives.
 *
 * @param token token id; -1 if an engine elsewhere did not tell it
 * @param bytes the token's UTF-8 bytes
 * @param logprob log-probability under the model, before sampling settings
 * @param top best alternatives, best first, each without further alternatives
 */
public record TokenLogprob(int token, byte[] bytes, double logprob, List<TokenLogprob> top) {}

package io.plumbline.inference.pool;

import java.util.List;

/**
 * A piece of an answer.
 *
 * @param text may be empty while a character or a possible stop string is incomplete
 * @param logprobs one entry per token of this piece if they were asked for, else empty
 */
public record TextDelta(String text, List<TokenLogprob> logprobs) {}

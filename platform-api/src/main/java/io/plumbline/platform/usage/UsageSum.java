package io.plumbline.platform.usage;

/**
 * Usage of one group.
 *
 * @param group a model, day or subject
 */
public record UsageSum(String group, long requests, Tokens tokens) {}

package io.plumbline.inference.lora;

/**
 * How many adapters may stay in memory.
 *
 * @param adapters at most so many
 * @param bytes of all together
 */
public record AdapterBudget(int adapters, long bytes) {}

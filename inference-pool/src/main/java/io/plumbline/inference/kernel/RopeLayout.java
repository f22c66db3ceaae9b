package io.plumbline.inference.kernel;

/** Which two elements of a head rotate together (Su et al. 2021, arXiv 2104.09864). */
public enum RopeLayout {
    /** Elements i and i + rotaryDim/2: the Hugging Face layout. */
    HALVES,
    /** Elements 2i and 2i + 1: GGUF files of the llama family store q and k permuted for it. */
    INTERLEAVED
}

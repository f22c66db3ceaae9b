/**
 * Text to tokens and back: byte-level BPE (GPT-2 and its descendants), BPE by scores with byte fallback (SentencePiece,
 * as Gemma uses it) and SentencePiece's unigram model (as T5 and XLM-R use it), built from GGUF metadata or a Hugging Face {@code tokenizer.json}.
 *
 * <p>Special tokens follow llama.cpp: control tokens are recognised in text only where the caller asks for it, tokens
 * that the vocabulary calls user-defined always.
 */
@NullMarked
package io.plumbline.inference.tokenizer;

import org.jspecify.annotations.NullMarked;

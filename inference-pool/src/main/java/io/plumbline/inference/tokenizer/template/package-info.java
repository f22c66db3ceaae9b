/**
 * Chat templates: the part of the Jinja language that model files use, evaluated over JSON-like values only, with limits
 * on steps, text and nesting. Templates come with model files and from tenants, so nothing in them is trusted: there is
 * no reflection, no file access, and no way to call Java. Why not a library: {@code
 * docs/decisions/0003-chat-templates.md}.
 *
 * <p>Source text → {@code Lexer} → tokens → {@code Parser} → {@code Statement} and {@code Expression} trees → {@code
 * Renderer} and {@code Evaluator} → text.
 */
@NullMarked
package io.plumbline.inference.tokenizer.template;

import org.jspecify.annotations.NullMarked;

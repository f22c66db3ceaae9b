/**
 * Engines elsewhere: the pool's interface over OpenAI-compatible servers (vLLM, vLLM-Ascend, MindIE, another Plumbline),
 * and the placement of models on this machine's engines and on those.
 */
@NullMarked
package io.plumbline.inference.pool.remote;

import org.jspecify.annotations.NullMarked;

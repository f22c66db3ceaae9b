/** Adapters on a backend: checked against their base model, uploaded, lent to requests and unloaded when free. */
@NullMarked
package io.plumbline.inference.lora;

import org.jspecify.annotations.NullMarked;

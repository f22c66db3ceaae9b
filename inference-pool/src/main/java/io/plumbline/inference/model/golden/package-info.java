/** Models against folders of reference results: architectures, real models, real adapters. */
@NullMarked
package io.plumbline.inference.model.golden;

import org.jspecify.annotations.NullMarked;

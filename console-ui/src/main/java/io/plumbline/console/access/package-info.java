/** Who may do what in the organisation: API keys of its programs, accounts of its people. */
@NullMarked
package io.plumbline.console.access;

import org.jspecify.annotations.NullMarked;

/** Layout, menu, sign-in and the pages that say no. */
@NullMarked
package io.plumbline.console.shell;

import org.jspecify.annotations.NullMarked;

/** Who is signed in, for which tenant, and the one door from views to services. */
@NullMarked
package io.plumbline.console.session;

import org.jspecify.annotations.NullMarked;

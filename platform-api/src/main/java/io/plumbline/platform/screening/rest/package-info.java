/** Routes for the tenant's screening policy and its verdicts. */
@NullMarked
package io.plumbline.platform.screening.rest;

import org.jspecify.annotations.NullMarked;

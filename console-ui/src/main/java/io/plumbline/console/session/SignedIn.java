package io.plumbline.console.session;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Reviewer;

/**
 * Who is signed in, and for whom they work, at one moment: for work beside the page's own requests.
 *
 * @param tenant one of the person's
 */
public record SignedIn(Reviewer person, TenantId tenant) {}

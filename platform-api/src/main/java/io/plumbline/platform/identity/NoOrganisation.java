package io.plumbline.platform.identity;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** The user belongs to no organisation, so there is no tenant whose data could be shown. */
@AnswersWith(status = 403, type = ErrorType.PERMISSION, code = "no_organisation")
public final class NoOrganisation extends PlatformException {
    private static final long serialVersionUID = 1L;

    public NoOrganisation(String subject) {
        super(
                "The account '%s' belongs to no organisation. An operator adds it to one in Keycloak (Organizations, Members)."
                        .formatted(subject));
    }
}

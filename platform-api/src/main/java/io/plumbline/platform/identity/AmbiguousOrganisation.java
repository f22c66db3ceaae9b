package io.plumbline.platform.identity;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;
import java.util.Collection;

/** The user belongs to several organisations and named none. */
@AnswersWith(status = 400, type = ErrorType.INVALID_REQUEST, code = "organization_required")
public final class AmbiguousOrganisation extends PlatformException {
    private static final long serialVersionUID = 1L;

    public AmbiguousOrganisation(Collection<String> organisations) {
        super(
                "Your account belongs to several organisations: %s. Name one in the header OpenAI-Organization."
                        .formatted(String.join(", ", organisations)),
                "OpenAI-Organization");
    }
}

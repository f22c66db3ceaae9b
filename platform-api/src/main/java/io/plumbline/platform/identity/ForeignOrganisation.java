package io.plumbline.platform.identity;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** The header names an organisation that the credential does not belong to. */
@AnswersWith(status = 403, type = ErrorType.PERMISSION, code = "mismatched_organization")
public final class ForeignOrganisation extends PlatformException {
    private static final long serialVersionUID = 1L;

    public ForeignOrganisation(String organisation) {
        super(
                "Your credential does not belong to the organisation '%s' named in OpenAI-Organization. Leave the header out, or name one of yours."
                        .formatted(organisation));
    }
}

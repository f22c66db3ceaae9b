package io.plumbline.platform.catalogue;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** The tenant has no model of that name. */
@AnswersWith(status = 404, code = "model_not_found")
public final class UnknownModel extends PlatformException {
    private static final long serialVersionUID = 1L;

    public UnknownModel(String name) {
        super(
                "The model '%s' does not exist or is not yours; GET /v1/models lists those you can use."
                        .formatted(name),
                "model");
    }
}

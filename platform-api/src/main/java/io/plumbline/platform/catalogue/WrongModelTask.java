package io.plumbline.platform.catalogue;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** The model exists and does something else. */
@AnswersWith(status = 400, code = "model_not_supported")
public final class WrongModelTask extends PlatformException {
    private static final long serialVersionUID = 1L;

    WrongModelTask(ListedModel model, ModelTask wanted) {
        super(
                "'%s' is a model for %s (%s), not for %s; GET /v1/models lists what each model is for."
                        .formatted(
                                model.id(),
                                model.task().wireName(),
                                model.task().route(),
                                wanted.wireName()),
                "model");
    }
}

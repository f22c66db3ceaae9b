package io.plumbline.platform.deployment;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** An adapter fits the base it was trained on and no other. */
@AnswersWith(status = 409, code = "base_model_replaced")
public final class BaseModelReplaced extends PlatformException {
    private static final long serialVersionUID = 1L;

    public BaseModelReplaced(String model, String baseModel) {
        super(
                "'%s' was trained on another file than the base model '%s' is now. Ask the operator to put the former file back, or fine-tune again."
                        .formatted(model, baseModel),
                "model");
    }
}

package io.plumbline.platform.adapter;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** The files of an adapter are missing or are not those that training wrote. */
@AnswersWith(status = 500, type = ErrorType.SERVER, code = "corrupt_adapter")
public final class CorruptAdapter extends PlatformException {
    private static final long serialVersionUID = 1L;

    public CorruptAdapter(String model, String what) {
        super(
                "The stored files of '%s' %s, so it is not served. Restore the data directory from a backup, or fine-tune again."
                        .formatted(model, what));
    }
}

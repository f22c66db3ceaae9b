package io.plumbline.platform.blob;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** The disk does not take or give a file. */
@AnswersWith(status = 507, type = ErrorType.CAPACITY, code = "storage_failed")
public class StorageFailed extends PlatformException {
    private static final long serialVersionUID = 1L;

    public StorageFailed(Throwable cause) {
        super(
                "The file could not be stored: the disk of this installation is full or failing. Nothing was kept; try again"
                        + " once the operator has made room under PLUMBLINE_DATA.");
        initCause(cause);
    }
}

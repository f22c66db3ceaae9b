package io.plumbline.console.dataset;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.upload.UploadI18N;
import com.vaadin.flow.component.upload.UploadI18N.Uploading;
import java.util.List;

/** What the upload field says, in the language of the page. */
final class UploadTexts {
    private UploadTexts() {}

    static UploadI18N ofPage() {
        return new UploadI18N()
                .setAddFiles(new UploadI18N.AddFiles()
                        .setOne(text("datasets.upload.choose"))
                        .setMany(text("datasets.upload.choose")))
                .setDropFiles(new UploadI18N.DropFiles()
                        .setOne(text("datasets.upload.drop"))
                        .setMany(text("datasets.upload.drop")))
                .setError(new UploadI18N.Error()
                        .setFileIsTooBig(text("datasets.upload.too_big"))
                        .setIncorrectFileType(text("datasets.upload.wrong_type"))
                        .setTooManyFiles(text("datasets.upload.too_many")))
                .setUploading(new Uploading()
                        .setStatus(new Uploading.Status()
                                .setConnecting(text("datasets.upload.connecting"))
                                .setStalled(text("datasets.upload.stalled"))
                                .setProcessing(text("datasets.upload.processing"))
                                .setHeld(text("datasets.upload.held")))
                        .setRemainingTime(new Uploading.RemainingTime()
                                .setPrefix(text("datasets.upload.remaining"))
                                .setUnknown(text("datasets.upload.remaining_unknown")))
                        .setError(new Uploading.Error()
                                .setServerUnavailable(text("datasets.upload.cut_off_short"))
                                .setUnexpectedServerError(text("datasets.upload.refused_short"))
                                .setForbidden(text("datasets.upload.refused_short"))
                                .setFileTooLarge(text("datasets.upload.too_big"))))
                .setFile(new UploadI18N.File()
                        .setRetry(text("datasets.upload.retry"))
                        .setStart(text("datasets.upload.start"))
                        .setRemove(text("datasets.upload.remove")))
                .setUnits(List.of("B", "kB", "MB", "GB", "TB"), 1000);
    }
}

package io.plumbline.platform.dataset.rest;

import io.plumbline.platform.dataset.Purpose;
import io.plumbline.platform.dataset.Upload;
import io.plumbline.platform.error.InvalidRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.multipart.FormValue;
import org.jboss.resteasy.reactive.server.multipart.MultipartFormDataInput;

/** Reads the form of an upload; unknown fields are refused, not ignored. */
final class UploadForm {
    private static final Pattern METADATA = Pattern.compile("metadata\\[([A-Za-z0-9_.-]{1,64})]");
    private static final Set<String> FIELDS = Set.of("file", "purpose");

    private UploadForm() {}

    static Upload read(MultipartFormDataInput form) {
        Map<String, String> metadata = new HashMap<>();
        form.getValues().forEach((name, values) -> {
            Matcher matcher = METADATA.matcher(name);
            if (matcher.matches()) {
                metadata.put(matcher.group(1), single(name, values).getValue());
            } else if (!FIELDS.contains(name)) {
                throw new InvalidRequest(
                        name,
                        "Unknown form field '%s'; an upload has 'file', 'purpose' and, for screening, 'metadata[NAME]'."
                                .formatted(name));
            }
        });
        FormValue file = required(form, "file");
        if (!file.isFileItem()) {
            throw new InvalidRequest("file", "'file' must be sent as a file part, with a file name.");
        }
        return new Upload(
                file.getFileItem().getFile(),
                Optional.ofNullable(file.getFileName()).orElse(""),
                purpose(required(form, "purpose")),
                metadata);
    }

    private static Purpose purpose(FormValue value) {
        return Purpose.of(value.getValue())
                .orElseThrow(() -> new InvalidRequest(
                        "purpose", "'%s' is not supported; 'purpose' is fine-tune.".formatted(value.getValue())));
    }

    private static FormValue required(MultipartFormDataInput form, String name) {
        Collection<FormValue> values = form.getValues().get(name);
        if (values == null || values.isEmpty()) {
            throw new InvalidRequest(name, "The form field '%s' is missing.".formatted(name));
        }
        return single(name, values);
    }

    private static FormValue single(String name, Collection<FormValue> values) {
        if (values.size() > 1) {
            throw new InvalidRequest(name, "The form field '%s' may be given once only.".formatted(name));
        }
        return values.iterator().next();
    }
}

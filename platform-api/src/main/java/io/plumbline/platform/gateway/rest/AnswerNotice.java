package io.plumbline.platform.gateway.rest;

import io.plumbline.compliance.screen.Notice;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Words that a rule adds to an answer in a form, told beside its content. Whoever shows the content to people shows them too.
 *
 * @param rule as {@code LBL-001@1}
 * @param place before or after the content
 */
@Schema(name = "ChatNotice")
public record AnswerNotice(String rule, String place, String text) {
    /** The extension of a choice. */
    @Schema(name = "ChatChoiceExtension")
    public record Extension(List<AnswerNotice> notices) {}

    /** Null if there is nothing to tell. */
    static @Nullable Extension extension(List<Notice> notices) {
        return notices.isEmpty()
                ? null
                : new Extension(notices.stream().map(AnswerNotice::of).toList());
    }

    private static AnswerNotice of(Notice notice) {
        return new AnswerNotice(notice.rule(), notice.place().name().toLowerCase(Locale.ROOT), notice.text());
    }
}

package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import io.plumbline.inference.constraint.Misfit;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import java.util.Optional;
import java.util.stream.Collectors;

/** The form that a caller asked for, and what is wrong with a text that is not of it, in words for reviewers. */
final class FormWords {
    private FormWords() {}

    /** What the text has to be; empty if anything. */
    static Optional<Div> about(OutputConstraint form) {
        return switch (form) {
            case OutputConstraint.Free ignored -> Optional.empty();
            case OutputConstraint.JsonObject ignored -> Optional.of(about("json_object", ""));
            case OutputConstraint.JsonSchema(String schema, boolean ignored) ->
                Optional.of(about("json_schema", schema));
            case OutputConstraint.Regex(String expression) -> Optional.of(about("regex", expression));
            case OutputConstraint.OneOf oneOf -> Optional.of(about("choice", String.join("\n", oneOf.texts())));
            case OutputConstraint.ToolCalls calls ->
                Optional.of(about(
                        "tools",
                        calls.tools().stream().map(FormWords::signature).collect(Collectors.joining("\n"))));
        };
    }

    private static String signature(ToolFunction tool) {
        return tool.name() + " " + tool.parameters();
    }

    private static Div about(String kind, String definition) {
        Span read = new Span(text("review.form." + kind));
        read.addClassName("muted");
        Div about = new Div(read);
        about.setId("case-form");
        about.addClassName("case-form");
        if (!definition.isEmpty()) {
            Pre shown = new Pre(definition);
            about.add(new NativeDetails(text("review.form.definition"), shown));
        }
        return about;
    }

    /** What is wrong with a text, and where. */
    static String problem(Misfit misfit) {
        String what = text(
                "review.misfit." + misfit.kind().name().toLowerCase(java.util.Locale.ROOT),
                String.valueOf(misfit.line()),
                String.valueOf(misfit.column()),
                shown(misfit.found()));
        String before = misfit.before().isBlank() ? "" : text("review.misfit.before", misfit.before());
        String expected = misfit.expected().isEmpty()
                ? ""
                : text(
                        "review.misfit.expected",
                        misfit.expected().stream()
                                .map(each -> text("review.misfit.quoted", each))
                                .collect(Collectors.joining(text("review.misfit.or"))));
        return what + before + expected;
    }

    private static String shown(String found) {
        return found.replace("\r", "").replace("\n", "\u21b5");
    }
}

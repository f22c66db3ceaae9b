package io.plumbline.console.dataset;

import static io.plumbline.console.i18n.Texts.bytes;
import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.component.Failures;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.finetune.dataset.DatasetLimits;
import io.plumbline.platform.dataset.RefusedData;
import io.plumbline.platform.dataset.TrainingFile;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Where files come in, and what became of each: the report stands right below. */
final class UploadPanel extends Div {
    private static final long serialVersionUID = 1L;
    /** Names are those that the rules of stage D look for. */
    private static final List<String> METADATA = List.of("licence", "consent_id", "annotator", "reviewer");

    private static final long MEBIBYTE = 1 << 20;

    private static final String EXAMPLE = """
            {"messages": [{"role": "system", "content": "…"}, {"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}
            {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}""";

    private final transient DatasetDesk desk;
    private final transient Consumer<TrainingFile> onStored;
    private final Map<String, TextField> metadata = new LinkedHashMap<>();
    private final Div reports = new Div();

    UploadPanel(ConsoleSession session, DatasetDesk desk, UploadFolder folder, Consumer<TrainingFile> onStored) {
        this.desk = desk;
        this.onStored = onStored;
        addClassName("panel");
        reports.setId("upload-reports");
        reports.addClassName("reports");
        // What happens meanwhile is read out.
        reports.getElement().setAttribute("aria-live", "polite");
        Upload upload = new Upload(new IncomingFile(session, desk, folder, this));
        upload.setId("upload");
        upload.setI18n(UploadTexts.ofPage());
        upload.setAcceptedFileTypes(".jsonl", ".ndjson", ".json", ".txt");
        upload.setMaxFileSize(Math.toIntExact(DatasetLimits.defaults().maxFileBytes()));
        upload.addFileRejectedListener(refused -> Failures.show(refused.getErrorMessage()));
        add(new H3(text("datasets.upload")), upload, origin(), format(), reports);
    }

    private Details origin() {
        Div fields = new Div();
        fields.addClassName("fields");
        for (String name : METADATA) {
            TextField field = new TextField(text("datasets.metadata." + name));
            field.setHelperText(text("datasets.metadata." + name + "_help"));
            field.setMaxLength(200);
            field.setId("metadata-" + name.replace('_', '-'));
            metadata.put(name, field);
            fields.add(field);
        }
        Details details = new Details(text("datasets.origin"), fields);
        details.setId("upload-origin");
        return details;
    }

    private static Details format() {
        Pre example = new Pre(EXAMPLE);
        example.addClassName("mono");
        Anchor file = new Anchor("/console/console-assets/chat-example.jsonl", text("datasets.format.download"));
        file.getElement().setAttribute("download", true);
        file.setRouterIgnore(true);
        DatasetLimits limits = DatasetLimits.defaults();
        Span bounds = new Span(text(
                "datasets.format.limits",
                number(limits.maxFileBytes() / MEBIBYTE),
                number(limits.maxLineBytes() / MEBIBYTE),
                number((long) limits.maxRows())));
        Details details = new Details(
                text("datasets.format"), new Span(text("datasets.format.text")), example, bounds, new Span(" "), file);
        details.addClassName("format");
        return details;
    }

    /** What the person says about the file that comes in; under the lock of the page. */
    Map<String, String> metadata() {
        Map<String, String> given = new HashMap<>();
        metadata.forEach((name, field) -> {
            if (!field.getValue().isBlank()) {
                given.put(name, field.getValue().strip());
            }
        });
        return given;
    }

    void checking(String filename) {
        show(notice("busy", text("datasets.report.checking", filename)));
    }

    void stored(TrainingFile file) {
        RouterLink rows = new RouterLink(text("datasets.report.open"), DatasetView.class, file.id());
        Div head = notice("good", text("datasets.report.stored", file.filename(), number((long) file.rows())));
        head.add(new Span(" "), rows);
        List<DatasetDesk.Finding> findings = desk.findings(file.id());
        show(head, findings.isEmpty() ? new Span(text("datasets.findings.none")) : new FindingsList(findings));
        onStored.accept(file);
    }

    void refused(String filename, RefusedData found) {
        show(notice("bad", text("datasets.report.refused", filename)), new RefusalReport(found, desk.rulesOf(found)));
    }

    /** @param expected bytes; negative if the browser did not say */
    void cutOff(String filename, long received, long expected) {
        String size = expected < 0 ? "?" : bytes(expected);
        show(notice("bad", text("datasets.report.cut_off", filename, bytes(received), size)));
    }

    void failed(String filename, RuntimeException failure) {
        show(notice("bad", text("datasets.report.failed", filename, Failures.message(failure))));
    }

    private static Div notice(String kind, String message) {
        Div notice = new Div(new Span(message));
        notice.addClassNames("outcome", kind);
        return notice;
    }

    /** The report of the last file takes the place of the one before. */
    private void show(Component... parts) {
        reports.removeAll();
        reports.add(parts);
    }
}

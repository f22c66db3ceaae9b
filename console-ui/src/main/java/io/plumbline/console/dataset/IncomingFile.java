package io.plumbline.console.dataset;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.server.VaadinSession;
import com.vaadin.flow.server.streams.UploadEvent;
import com.vaadin.flow.server.streams.UploadHandler;
import io.plumbline.console.component.Live;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.SignedIn;
import io.plumbline.finetune.dataset.DatasetLimits;
import io.plumbline.platform.blob.StorageFailed;
import io.plumbline.platform.dataset.InvalidTrainingFile;
import io.plumbline.platform.dataset.Purpose;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.dataset.Upload;
import io.plumbline.platform.error.BodyTooLarge;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a file from the browser, straight to disk, and has it checked and stored. Whatever happens on the way, nothing of
 * an unfinished or refused file stays.
 */
final class IncomingFile implements UploadHandler {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(IncomingFile.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private final transient ConsoleSession session;
    private final transient DatasetDesk desk;
    private final transient UploadFolder folder;
    private final UploadPanel panel;

    IncomingFile(ConsoleSession session, DatasetDesk desk, UploadFolder folder, UploadPanel panel) {
        this.session = session;
        this.desk = desk;
        this.folder = folder;
        this.panel = panel;
    }

    /** Who sends the file, and what they say about it. */
    private record Sender(SignedIn who, Map<String, String> metadata) {}

    /** The browser, or the way to it, gave up. */
    private static final class CutOff extends IOException {
        private static final long serialVersionUID = 1L;
        private final long received;

        CutOff(long received, Throwable cause) {
            super("cut off after " + received + " bytes", cause);
            this.received = received;
        }
    }

    // Requests for files come without the lock of their page.
    @Override
    public void handleUploadRequest(UploadEvent event) {
        UI ui = event.getUI();
        Sender sender = sender(event.getSession());
        Path file = folder.newFile();
        try {
            receive(event, file);
            Live.update(ui, () -> panel.checking(event.getFileName()));
            Upload upload = new Upload(file, event.getFileName(), Purpose.FINE_TUNE, sender.metadata());
            TrainingFile stored = session.as(sender.who(), () -> desk.upload(upload));
            Live.update(ui, () -> panel.stored(stored));
        } catch (CutOff cut) {
            LOG.info("an upload was {}", cut.getMessage());
            Live.update(ui, () -> panel.cutOff(event.getFileName(), cut.received, event.getFileSize()));
            event.reject();
        } catch (InvalidTrainingFile refused) {
            event.reject();
            Live.update(ui, () -> panel.refused(event.getFileName(), refused.found()));
        } catch (RuntimeException failure) {
            event.reject();
            Live.update(ui, () -> panel.failed(event.getFileName(), failure));
        } finally {
            folder.remove(file);
        }
    }

    private Sender sender(VaadinSession page) {
        page.lock();
        try {
            return new Sender(session.signedIn(), panel.metadata());
        } finally {
            page.unlock();
        }
    }

    private static void receive(UploadEvent event, Path file) throws CutOff {
        long limit = DatasetLimits.defaults().maxFileBytes();
        long received = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        InputStream in = event.getInputStream();
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int n = read(in, buffer, received); n >= 0; n = read(in, buffer, received)) {
                received += n;
                if (received > limit) {
                    throw new BodyTooLarge(limit);
                }
                out.write(buffer, 0, n);
            }
        } catch (CutOff cut) {
            throw cut;
        } catch (IOException diskFailed) {
            throw new StorageFailed(diskFailed);
        }
        if (event.getFileSize() >= 0 && received < event.getFileSize()) {
            throw new CutOff(received, new EOFException());
        }
    }

    private static int read(InputStream in, byte[] buffer, long received) throws CutOff {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new CutOff(received, e);
        }
    }
}

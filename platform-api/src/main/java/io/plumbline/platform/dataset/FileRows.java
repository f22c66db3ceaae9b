package io.plumbline.platform.dataset;

import io.plumbline.finetune.dataset.ChatRow;
import io.plumbline.finetune.dataset.ChatRowReader;
import io.plumbline.finetune.dataset.RowResult;
import io.plumbline.platform.blob.StorageFailed;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The conversations of a file, page by page; a file is read from its beginning each time, and never held whole. */
@ApplicationScoped
public class FileRows {
    private final TrainingFiles files;

    @Inject
    FileRows(TrainingFiles files) {
        this.files = files;
    }

    /**
     * Conversations in file order.
     *
     * @param more whether others follow
     */
    public record Page(List<ChatRow> rows, boolean more) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Rows by their position.
     *
     * @param from rows to pass over
     * @throws NotFound if the tenant has no such file
     */
    public Page page(Caller caller, String id, int from, int limit) {
        return read(caller, id, from, limit, "");
    }

    /**
     * Rows one of whose messages has a text in it, whatever its case.
     *
     * @param from matching rows to pass over
     * @throws NotFound if the tenant has no such file
     */
    public Page find(Caller caller, String id, String text, int from, int limit) {
        return read(caller, id, from, limit, text.strip().toLowerCase(Locale.ROOT));
    }

    private Page read(Caller caller, String id, int from, int limit, String text) {
        try (ChatRowReader reader = ChatRowReader.open(files.content(caller, id))) {
            int left = from;
            if (text.isEmpty()) {
                reader.skip(from);
                left = 0;
            }
            List<ChatRow> rows = new ArrayList<>();
            for (Optional<RowResult> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (!(next.get() instanceof RowResult.Good(ChatRow row)) || !has(row, text)) {
                    continue;
                }
                if (left > 0) {
                    left--;
                } else if (rows.size() == limit) {
                    return new Page(rows, true);
                } else {
                    rows.add(row);
                }
            }
            return new Page(rows, false);
        } catch (IOException e) {
            throw new StorageFailed(e);
        }
    }

    private static boolean has(ChatRow row, String text) {
        return text.isEmpty()
                || row.messages().stream()
                        .anyMatch(message ->
                                message.content().toLowerCase(Locale.ROOT).contains(text));
    }
}

package io.plumbline.finetune.runner;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The end of a trainer's log, without what does not concern the tenant: paths, stack frames, anything like a secret. */
final class LastWords {
    private static final int TAIL_BYTES = 8192;
    private static final int LINES = 3;
    private static final int LINE_LENGTH = 300;
    private static final Pattern FRAME = Pattern.compile("\\s+(at |\\.\\.\\. \\d+ more).*|WARNING: .*");
    private static final Pattern PATH = Pattern.compile("(?:file:)?(?:/+[^\\s/:'\",;()]+){2,}/?|[A-Za-z]:\\\\\\S+");
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(passw|secret|token=|credential|api.?key|authorization|bearer ).*");

    private LastWords() {}

    static List<String> of(Path log) {
        try {
            return of(tail(log));
        } catch (IOException e) {
            return List.of();
        }
    }

    static List<String> of(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank())
                .filter(line -> !FRAME.matcher(line).matches())
                .filter(line -> !SECRET.matcher(line).matches())
                .map(line -> withoutPaths(line.strip()))
                .map(line -> line.length() <= LINE_LENGTH ? line : line.substring(0, LINE_LENGTH) + "…")
                .toList();
        return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    }

    /** A message for the tenant that does not tell where on the server things lie. */
    static String withoutPaths(String text) {
        return PATH.matcher(text).replaceAll("…");
    }

    private static String tail(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(file.length(), TAIL_BYTES)];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8);
        }
    }
}

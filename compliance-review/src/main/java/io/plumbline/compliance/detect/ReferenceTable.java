package io.plumbline.compliance.detect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Content that rules look up, imported from CSV with the header {@code key,value,owner,version,source}. No row without
 * owner, version and source: a figure whose origin is unknown is not a figure. An empty table is legal; a detector that
 * needs a row abstains.
 *
 * @param rows by key, in file order
 */
public record ReferenceTable(Map<String, Row> rows) {
    /** One row and where it comes from. */
    public record Row(String value, String owner, String version, String source) {}

    private static final List<String> HEADER = List.of("key", "value", "owner", "version", "source");

    public ReferenceTable {
        rows = Map.copyOf(rows);
    }

    /** Whether a row has this key. */
    public boolean has(String key) {
        return rows.containsKey(key);
    }

    /**
     * Reads a table.
     *
     * @param name what messages call the file
     * @throws IllegalArgumentException listing every bad line
     */
    public static ReferenceTable read(String name, BufferedReader reader) throws IOException {
        List<String> problems = new ArrayList<>();
        Map<String, Row> rows = new LinkedHashMap<>();
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> cells = cells(line);
            if (rows.isEmpty() && cells.equals(HEADER)) {
                continue;
            }
            String problem = problem(cells, rows);
            if (!problem.isEmpty()) {
                problems.add("%s line %d: %s".formatted(name, number, problem));
            } else {
                rows.put(cells.get(0), new Row(cells.get(1), cells.get(2), cells.get(3), cells.get(4)));
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        return new ReferenceTable(rows);
    }

    private static String problem(List<String> cells, Map<String, Row> rows) {
        if (cells.size() != HEADER.size()) {
            return "%d columns, expected %s".formatted(cells.size(), String.join(",", HEADER));
        }
        for (int i = 0; i < HEADER.size(); i++) {
            if (cells.get(i).isEmpty()) {
                return "column '%s' is empty".formatted(HEADER.get(i));
            }
        }
        return rows.containsKey(cells.get(0)) ? "key '%s' stands twice".formatted(cells.get(0)) : "";
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString().strip());
        return Arrays.asList(cells.toArray(String[]::new));
    }

    /** Reads a table that ships with this module. */
    static ReferenceTable shipped(String name) {
        String path = "/compliance/tables/" + name + ".csv";
        try (InputStream in = ReferenceTable.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the table " + path + " is not on the class path");
            }
            return read(path, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

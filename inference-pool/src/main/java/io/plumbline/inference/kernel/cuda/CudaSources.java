package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.cuda.driver.KernelSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernels' sources, which travel in the jar. */
final class CudaSources {
    private static final String UNIT = "plumbline.cu";
    private static final Pattern INCLUDE = Pattern.compile("^#include \"([^\"]+)\"", Pattern.MULTILINE);

    private CudaSources() {}

    /** The translation unit with everything that it includes. */
    static KernelSource read() {
        SortedMap<String, String> headers = new TreeMap<>();
        String unit = text(UNIT);
        collect(unit, headers);
        return new KernelSource(UNIT, unit, headers);
    }

    private static void collect(String text, SortedMap<String, String> headers) {
        for (Matcher include = INCLUDE.matcher(text); include.find(); ) {
            String name = include.group(1);
            if (!headers.containsKey(name)) {
                String header = text(name);
                headers.put(name, header);
                collect(header, headers);
            }
        }
    }

    private static String text(String name) {
        try (InputStream in = CudaSources.class.getResourceAsStream("/cuda/" + name)) {
            if (in == null) {
                throw new IllegalStateException("this build has no /cuda/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

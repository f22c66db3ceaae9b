package io.plumbline.ascend.acl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The interface that is bound, read once from the tables beside this class. */
public final class FunctionTables {
    private static final List<NativeFunction> RUNTIME = functions("runtime.table");
    private static final List<NativeFunction> META = functions("meta.table");
    private static final List<OperatorSpec> OPERATORS =
            lines("operators.table").map(FunctionTables::operator).toList();

    private FunctionTables() {}

    /** Functions of the runtime library. */
    public static List<NativeFunction> runtime() {
        return RUNTIME;
    }

    /** Functions of the meta library: tensors, scalars, lists, executors. */
    public static List<NativeFunction> meta() {
        return META;
    }

    public static List<OperatorSpec> operators() {
        return OPERATORS;
    }

    /** The operator of that name, which must be in the table. */
    public static OperatorSpec operator(OperatorName name) {
        return OPERATORS.stream()
                .filter(spec -> spec.name().equals(name.symbol()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no row for " + name.symbol()));
    }

    private static List<NativeFunction> functions(String table) {
        return lines(table).map(FunctionTables::function).toList();
    }

    private static NativeFunction function(String line) {
        List<String> words = words(line);
        return new NativeFunction(
                words.get(2),
                NativeResult.valueOf(words.get(1).toUpperCase(Locale.ROOT)),
                words.stream().skip(3).map(Parameter::of).toList(),
                FunctionSet.valueOf(words.get(0)));
    }

    private static OperatorSpec operator(String line) {
        int bar = line.indexOf('|');
        List<String> head = words(line.substring(0, bar));
        Map<SocFamily, Set<AclDataType>> types = new EnumMap<>(SocFamily.class);
        for (String entry : head.subList(3, head.size())) {
            int equals = entry.indexOf('=');
            Set<AclDataType> allowed = EnumSet.noneOf(AclDataType.class);
            Arrays.stream(entry.substring(equals + 1).split(","))
                    .map(AclDataType::valueOf)
                    .forEach(allowed::add);
            types.put(SocFamily.valueOf(entry.substring(0, equals)), allowed);
        }
        List<Parameter> parameters =
                words(line.substring(bar + 1)).stream().map(Parameter::of).toList();
        return new OperatorSpec(head.get(0), head.get(1), head.get(2), types, parameters);
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split("\\s+"));
    }

    private static Stream<String> lines(String table) {
        List<String> lines = new ArrayList<>();
        try (InputStream in = FunctionTables.class.getResourceAsStream(table)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + table);
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines.stream();
    }
}

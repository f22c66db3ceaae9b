package io.plumbline.ascend.acl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The opened libraries with everything of {@link FunctionTables} that they have. Libraries stay open for the life of
 * the process: the runtime starts threads of its own and does not survive being unloaded.
 *
 * <p>Every call must come from a platform thread, and, but for process-wide functions, from one that owns a context.
 */
public final class AclLibrary {
    private static final int TEXT_LIMIT = 8192;

    /** Opened once each, because they stay open. */
    private static final Map<ToolkitFiles, AclLibrary> OPENED = new ConcurrentHashMap<>();

    private final ToolkitFiles files;
    private final Map<String, BoundFunction> functions = new HashMap<>();
    private final List<String> missing = new ArrayList<>();

    private AclLibrary(ToolkitFiles files) {
        this.files = files;
    }

    /**
     * Opens the libraries of a toolkit and binds what they have; {@link #missingRequired()} tells what they lack.
     *
     * @throws LibraryRefusedException if the loader refuses a library
     */
    public static AclLibrary open(ToolkitFiles files) {
        return OPENED.computeIfAbsent(files, AclLibrary::load);
    }

    private static AclLibrary load(ToolkitFiles files) {
        AclLibrary library = new AclLibrary(files);
        SymbolLookup runtime = lookup(files.runtime());
        FunctionTables.runtime().forEach(function -> library.bind(function, runtime));
        SymbolLookup meta = lookup(files.meta());
        FunctionTables.meta().forEach(function -> library.bind(function, meta));
        List<SymbolLookup> operators =
                files.operators().stream().map(AclLibrary::lookup).toList();
        FunctionTables.operators().forEach(spec -> library.bind(spec, operators));
        return library;
    }

    private static SymbolLookup lookup(Path file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new LibraryRefusedException(file, e);
        }
    }

    private void bind(NativeFunction function, SymbolLookup lookup) {
        lookup.find(function.name())
                .ifPresentOrElse(
                        symbol -> functions.put(function.name(), new BoundFunction(function, symbol)),
                        () -> missing.add(function.name()));
    }

    /** Both phases come from the same library, or the operator is not there. */
    private void bind(OperatorSpec spec, List<SymbolLookup> libraries) {
        NativeFunction planning = spec.planning();
        NativeFunction launching = spec.launching();
        for (SymbolLookup library : libraries) {
            Optional<MemorySegment> first = library.find(planning.name());
            Optional<MemorySegment> second = library.find(launching.name());
            if (first.isPresent() && second.isPresent()) {
                functions.put(planning.name(), new BoundFunction(planning, first.get()));
                functions.put(launching.name(), new BoundFunction(launching, second.get()));
                return;
            }
        }
        missing.add(planning.name());
        missing.add(launching.name());
    }

    /** Where the libraries lie. */
    public ToolkitFiles files() {
        return files;
    }

    /** Names of all functions that were bound. */
    public List<String> bound() {
        return functions.keySet().stream().sorted().toList();
    }

    /** Names in the tables that the libraries lack. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /** Names without which the libraries cannot be used at all. */
    public List<String> missingRequired() {
        return Stream.concat(FunctionTables.runtime().stream(), FunctionTables.meta().stream())
                .filter(function -> function.set().isRequired() && !functions.containsKey(function.name()))
                .map(NativeFunction::name)
                .toList();
    }

    /** Whether the libraries hold both phases of an operator. */
    public boolean has(OperatorName operator) {
        return functions.containsKey(operator.symbol());
    }

    private BoundFunction function(String name) {
        BoundFunction function = functions.get(name);
        if (function == null) {
            throw new IllegalStateException(
                    "%s is not in %s; what is optional must be asked for first".formatted(name, files.runtime()));
        }
        return function;
    }

    /** Calls a function that returns a status, and gives the status back. */
    public int status(String name, Object... arguments) {
        return (int) function(name).call(arguments);
    }

    /** Calls a function that returns an address. */
    public MemorySegment pointer(String name, Object... arguments) {
        return (MemorySegment) function(name).call(arguments);
    }

    /**
     * Calls a function that returns a status.
     *
     * @throws AclException if the status is not 0; the class tells the kind of failure
     */
    public void check(String name, Object... arguments) {
        int code = status(name, arguments);
        if (code != 0) {
            throw failure(name, code);
        }
    }

    /**
     * Calls a function that creates something.
     *
     * @throws AclException if it returns NULL
     */
    MemorySegment create(String name, Object... arguments) {
        MemorySegment created = pointer(name, arguments);
        if (created.equals(MemorySegment.NULL)) {
            throw failure(name, 0);
        }
        return created;
    }

    /**
     * Calls a function that writes an address, a number or a handle to where its first argument points.
     *
     * @throws AclException if the status is not 0
     */
    long checkResult(String name, Object... furtherArguments) {
        return checkResultAs(name, name, furtherArguments);
    }

    /** As {@link #checkResult}; a failure is told as {@code description}. */
    long checkResultAs(String description, String name, Object... furtherArguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ValueLayout.JAVA_LONG);
            Object[] arguments = new Object[furtherArguments.length + 1];
            arguments[0] = place;
            System.arraycopy(furtherArguments, 0, arguments, 1, furtherArguments.length);
            int code = status(name, arguments);
            if (code != 0) {
                throw failure(description, code);
            }
            return place.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** The runtime forgets the text when it is read and keeps it per thread, so it is read here and now. */
    AclException failure(String name, int code) {
        return new AclFailure(name, code, text(pointer("aclGetRecentErrMsg"))).toException();
    }

    /** A C string of the runtime, which may be NULL, without an end, or not UTF-8. */
    public static String text(MemorySegment address) {
        return address.equals(MemorySegment.NULL) ? "" : text(address.reinterpret(TEXT_LIMIT), TEXT_LIMIT);
    }

    /** The characters before the first zero byte, at most {@code limit} bytes. */
    static String text(MemorySegment bytes, int limit) {
        int length = 0;
        while (length < limit && bytes.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        return new String(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
}

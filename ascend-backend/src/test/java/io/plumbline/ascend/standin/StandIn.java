package io.plumbline.ascend.standin;

import io.plumbline.ascend.acl.ToolkitFiles;
import io.plumbline.ascend.acl.ToolkitSearch;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One layout of the stand-in: what it shall pretend, and what it saw. */
public enum StandIn {
    /** One operator library, CANN 8.3. */
    CLASSIC,
    /** New runtime library and split operator libraries, CANN 9.0. */
    SPLIT,
    /** CANN 8.0 without the newest operators. */
    OLD,
    /** Lacks two functions that every backend needs. */
    DAMAGED;

    private static final Linker LINKER = Linker.nativeLinker();

    /** Whether this build has it; for {@code @EnabledIf}. */
    public static boolean isBuilt() {
        return StandIn.class.getResource("/standin/complete") != null;
    }

    /** The toolkit folder. */
    public Path home() {
        URL marker = StandIn.class.getResource("/standin/complete");
        if (marker == null) {
            throw new IllegalStateException("the stand-in was not built: no C compiler");
        }
        try {
            return Path.of(marker.toURI()).resolveSibling(name().toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its libraries, found as a real toolkit's are. */
    public ToolkitFiles files() {
        return ToolkitSearch.of(Map.of("PLUMBLINE_ASCEND_HOME", home().toString()))
                .find()
                .orElseThrow();
    }

    private MethodHandle handle(String function, FunctionDescriptor descriptor) {
        String file = "libstandin-%s.so".formatted(name().toLowerCase(Locale.ROOT));
        SymbolLookup lookup = SymbolLookup.libraryLookup(home().resolve("lib64").resolve(file), Arena.global());
        return LINKER.downcallHandle(lookup.find(function).orElseThrow(), descriptor);
    }

    private Object call(String function, FunctionDescriptor descriptor, Object... arguments) {
        try {
            return handle(function, descriptor).invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(String function) {
        try {
            handle(function, FunctionDescriptor.ofVoid()).invokeWithArguments();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(String function) {
        MemorySegment address = (MemorySegment) call(function, FunctionDescriptor.of(ValueLayout.ADDRESS));
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }

    private void tell(String function, String text, Object... more) {
        try (Arena arena = Arena.ofConfined()) {
            MemoryLayout[] layouts = new MemoryLayout[more.length + 1];
            Object[] arguments = new Object[more.length + 1];
            layouts[0] = ValueLayout.ADDRESS;
            arguments[0] = arena.allocateFrom(text);
            for (int i = 0; i < more.length; i++) {
                layouts[i + 1] = more[i] instanceof Long ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT;
                arguments[i + 1] = more[i];
            }
            Object result = call(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts), arguments);
            if ((int) result != 0) {
                throw new IllegalArgumentException("%s refuses %s".formatted(function, text));
            }
        }
    }

    /** Forgets everything: a fresh process with one Ascend910B3 of 1 GiB. */
    public void reset() {
        run("standin_reset");
    }

    /** What every function shall pretend; see {@code standin_option}. */
    public void option(String name, long value) {
        tell("standin_option", name, value);
    }

    public void soc(String name) {
        tell("standin_soc", name);
    }

    /** An empty version: it cannot be read. */
    public void version(String version) {
        tell("standin_version", version);
    }

    /** The nth call from now returns the code; a function that returns a pointer returns NULL. */
    public void fault(String function, long nth, int code) {
        tell("standin_fault", function, nth, code);
    }

    /** Name and arguments of the last call, as C understood them. */
    public String lastCall() {
        return text("standin_last_call");
    }

    /** Every function called since the reset, in order. */
    public List<String> journal() {
        return text("standin_journal").lines().toList();
    }

    public void clearJournal() {
        run("standin_clear_journal");
    }

    /** Rules that were broken. */
    public List<String> violations() {
        return text("standin_violations").lines().toList();
    }

    /** What is still alive. */
    public List<String> leaks() {
        return text("standin_leaks").lines().toList();
    }
}

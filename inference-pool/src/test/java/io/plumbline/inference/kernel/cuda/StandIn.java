package io.plumbline.inference.kernel.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.opentest4j.TestAbortedException;

/** The libraries of {@code src/test/cuda} that stand in for NVIDIA's, and what a test asks of them. */
public final class StandIn {
    /** Without a C++ compiler there is none. */
    static final boolean IS_BUILT = StandIn.class.getResource("/cuda/complete") != null;

    private static final class Loaded {
        static final StandIn DRIVER = new StandIn("libcuda.so.1");
        static final StandIn COMPILER = new StandIn("libnvrtc.so.12");
    }

    private final Path file;
    private final SymbolLookup symbols;

    private StandIn(String name) {
        URL place = StandIn.class.getResource("/cuda/" + name);
        if (place == null) {
            throw new TestAbortedException("no CUDA stand-in in this build: no C++ compiler");
        }
        this.file = Path.of(place.getPath());
        this.symbols = SymbolLookup.libraryLookup(file, Arena.global());
    }

    public static StandIn driver() {
        return Loaded.DRIVER;
    }

    public static StandIn compiler() {
        return Loaded.COMPILER;
    }

    public String place() {
        return file.toString();
    }

    private Object call(String symbol, FunctionDescriptor descriptor, Object... arguments) {
        try {
            return Linker.nativeLinker()
                    .downcallHandle(symbols.find(symbol).orElseThrow(), descriptor)
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks for a state or, as {@code fail_…}, for the n-th event to fail. */
    public StandIn set(String option, long value) {
        try (Arena arena = Arena.ofConfined()) {
            call(
                    "standin_set",
                    FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                    arena.allocateFrom(option),
                    value);
        }
        return this;
    }

    /** Tells a state; -1 if there is none. */
    public long get(String option) {
        try (Arena arena = Arena.ofConfined()) {
            FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
            return (long) call("standin_get", descriptor, arena.allocateFrom(option));
        }
    }

    /** The first rule of the driver's interface that was broken; empty if none. */
    public String problem() {
        return ((MemorySegment) call("standin_problem", FunctionDescriptor.of(ValueLayout.ADDRESS)))
                .reinterpret(4096)
                .getString(0);
    }

    void reset() {
        call("standin_reset", FunctionDescriptor.ofVoid());
    }

    /** Every kernel of the sources with its parameters as the C++ compiler sees them. */
    Map<String, String> kernels() {
        Map<String, String> all = new TreeMap<>();
        FunctionDescriptor descriptor =
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocate(ValueLayout.ADDRESS);
            for (int i = 0; ; i++) {
                MemorySegment name = (MemorySegment) call("standin_kernel", descriptor, i, parameters);
                if (name.equals(MemorySegment.NULL)) {
                    return all;
                }
                all.put(
                        name.reinterpret(256).getString(0),
                        parameters.get(ValueLayout.ADDRESS, 0).reinterpret(256).getString(0));
            }
        }
    }
}

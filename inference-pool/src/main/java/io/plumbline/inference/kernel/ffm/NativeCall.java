package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Links functions that answer with a return code, and turns codes into exceptions. */
final class NativeCall {
    private static final int NO_MEMORY = 1;
    private static final int NO_THREADS = 2;
    private static final int UNKNOWN_FORMAT = 3;

    /** One call of a handle. */
    @FunctionalInterface
    interface Invocation {
        int run() throws Throwable;
    }

    private NativeCall() {}

    /**
     * Links {@code int symbol(…)}.
     *
     * @param parameters one letter each: P pointer (as its address), H array of the Java heap (as a segment; the call must
     *     be short, for the garbage collector waits for it), L 64-bit integer, I int, F float
     */
    static MethodHandle link(SymbolLookup library, String symbol, String parameters) {
        MemoryLayout[] layouts =
                parameters.chars().mapToObj(letter -> layout((char) letter)).toArray(MemoryLayout[]::new);
        Linker.Option[] options =
                parameters.indexOf('H') < 0 ? new Linker.Option[0] : new Linker.Option[] {Linker.Option.critical(true)};
        return Linker.nativeLinker()
                .downcallHandle(
                        library.find(symbol)
                                .orElseThrow(() -> new KernelException(
                                        "the kernel library has no %s; rebuild it with mvn clean".formatted(symbol))),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts),
                        options);
    }

    private static MemoryLayout layout(char letter) {
        return switch (letter) {
            case 'P', 'L' -> ValueLayout.JAVA_LONG;
            case 'H' -> ValueLayout.ADDRESS;
            case 'I' -> ValueLayout.JAVA_INT;
            case 'F' -> ValueLayout.JAVA_FLOAT;
            default -> throw new IllegalArgumentException("no such parameter letter: " + letter);
        };
    }

    /** Runs the call; any code but 0 becomes a {@link KernelException}. */
    static void check(String operation, Invocation call) {
        int code;
        try {
            code = call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KernelException("native %s failed: %s".formatted(operation, e.getMessage()), e);
        }
        if (code != 0) {
            throw new KernelException("native %s failed: %s".formatted(operation, meaning(code)));
        }
    }

    private static String meaning(int code) {
        return switch (code) {
            case NO_MEMORY -> "no memory; free some, or run fewer or shorter sequences at a time";
            case NO_THREADS -> "threads could not be started; ask for fewer or raise the limit (ulimit -u)";
            case UNKNOWN_FORMAT -> "a weight format these kernels do not know";
            default -> "code " + code;
        };
    }
}

package io.plumbline.inference.kernel.cuda.driver;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A shared library and its functions, which stay loaded for the life of the process. */
final class NativeLibrary {
    /** No text of the driver or the compiler is longer. */
    private static final long LONGEST_TEXT = 1 << 20;

    private final String place;
    private final SymbolLookup symbols;

    /** One call of a handle, answered with a status. */
    @FunctionalInterface
    interface Invocation {
        int run() throws Throwable;
    }

    private NativeLibrary(String place, SymbolLookup symbols) {
        this.place = place;
        this.symbols = symbols;
    }

    /**
     * Loads a library.
     *
     * @param place a file, or a name that the loader looks for where it always looks
     * @throws LibraryRefusedException if the loader does not find it or something that it needs
     */
    static NativeLibrary open(String place) {
        try {
            return new NativeLibrary(place, SymbolLookup.libraryLookup(place, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new LibraryRefusedException(place, e);
        }
    }

    String place() {
        return place;
    }

    boolean has(String symbol) {
        return symbols.find(symbol).isPresent();
    }

    /**
     * Links {@code int symbol(…)}.
     *
     * @param parameters one letter each: P pointer or handle (as its address), L 64-bit integer, I int, B unsigned char
     * @throws LibraryRefusedException if the library has no such function
     */
    MethodHandle link(String symbol, String parameters) {
        MemoryLayout[] layouts =
                parameters.chars().mapToObj(letter -> layout((char) letter)).toArray(MemoryLayout[]::new);
        return Linker.nativeLinker()
                .downcallHandle(address(symbol), FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
    }

    /** Links {@code const char *symbol(int)}. */
    MethodHandle linkText(String symbol) {
        return Linker.nativeLinker()
                .downcallHandle(address(symbol), FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    }

    private MemorySegment address(String symbol) {
        return symbols.find(symbol).orElseThrow(() -> LibraryRefusedException.lacks(place, symbol));
    }

    private static MemoryLayout layout(char letter) {
        return switch (letter) {
            case 'P', 'L' -> ValueLayout.JAVA_LONG;
            case 'I' -> ValueLayout.JAVA_INT;
            case 'B' -> ValueLayout.JAVA_BYTE;
            default -> throw new IllegalArgumentException("no such parameter letter: " + letter);
        };
    }

    /** Runs the call and gives its status back. */
    static int status(String function, Invocation call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KernelException("%s could not be called: %s".formatted(function, e.getMessage()), e);
        }
    }

    /** The C string at an address; empty at 0. */
    static String text(long address) {
        return address == 0
                ? ""
                : MemorySegment.ofAddress(address).reinterpret(LONGEST_TEXT).getString(0);
    }
}

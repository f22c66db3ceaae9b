package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.host.HostAllocator;
import io.plumbline.inference.kernel.host.LogitPasses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** The part of the CPU kernel library that does not depend on the instruction set: threads and memory. */
public final class CpuRuntime implements HostAllocator {
    static final String FILE = "libplumbline-cpu.so";

    private final KernelFunctions functions;
    private final List<InstructionSet> instructionSets;
    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle allocate;
    private final MethodHandle free;
    private final MethodHandle packedBytes;
    private final MethodHandle pack;

    CpuRuntime(KernelFunctions functions) {
        this.functions = functions;
        MethodHandle isa = functions.link("plumbline_isa", "");
        this.open = functions.link("plumbline_open", "IP");
        this.close = functions.link("plumbline_close", "P");
        this.allocate = functions.link("plumbline_allocate", "LP");
        this.free = functions.link("plumbline_free", "P");
        this.packedBytes = functions.link("plumbline_packed_bytes", "IIIP");
        this.pack = functions.link("plumbline_pack", "PPILIIPI");
        int[] best = new int[1];
        NativeCall.check("processor query", () -> {
            best[0] = (int) isa.invokeExact();
            return 0;
        });
        this.instructionSets = InstructionSet.upTo(best[0]);
    }

    /** Whether this build holds a library for this machine. */
    public static boolean isBuilt() {
        return NativeResource.exists(FILE);
    }

    /** The operating system and processor family looked for. */
    public static String platform() {
        return NativeResource.platform();
    }

    /**
     * Loads the library.
     *
     * @throws KernelException if it is not there or cannot be loaded
     */
    public static CpuRuntime load() {
        SymbolLookup library = NativeResource.load(FILE);
        return new CpuRuntime((symbol, parameters) -> NativeCall.link(library, symbol, parameters));
    }

    /** What this processor and the kernels both have, weakest first. */
    public List<InstructionSet> instructionSets() {
        return instructionSets;
    }

    /** Starts a context with so many threads, the calling one included; returns its address. */
    public long open(int threads) {
        return value("open", to -> (int) open.invokeExact(threads, to));
    }

    /** Ends the context's threads and frees its scratch memory. */
    public void close(long context) {
        NativeCall.check("close", () -> (int) close.invokeExact(context));
    }

    /**
     * Zero-filled memory, aligned to 64 bytes.
     *
     * @throws KernelException if there is none
     */
    @Override
    public MemorySegment allocate(long bytes) {
        long address = value("allocate", to -> (int) allocate.invokeExact(bytes, to));
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** Gives back what {@link #allocate} gave. */
    @Override
    public void free(MemorySegment memory) {
        long address = memory.address();
        NativeCall.check("free", () -> (int) free.invokeExact(address));
    }

    /** Bytes that a matrix takes when it is packed for integer dot products; 0 if its format is used as it is. */
    public long packedBytes(int ggmlType, int rows, int columns) {
        return value("packed size", to -> (int) packedBytes.invokeExact(ggmlType, rows, columns, to));
    }

    /**
     * Packs a matrix for integer dot products.
     *
     * @param mapped whether the blocks are pages of a file, which may leave memory when they have been read
     */
    public void pack(
            long context,
            MemorySegment blocks,
            int ggmlType,
            long rowBytes,
            int rows,
            int columns,
            MemorySegment packed,
            boolean mapped) {
        long from = blocks.address();
        long to = packed.address();
        int drop = mapped ? 1 : 0;
        NativeCall.check(
                "pack", () -> (int) pack.invokeExact(context, from, ggmlType, rowBytes, rows, columns, to, drop));
    }

    /** The operations for one of {@link #instructionSets()} in a context. */
    public CpuLibrary operations(InstructionSet instructionSet, long context) {
        return new CpuLibrary(functions, "plumbline_" + instructionSet.symbolPart() + "_", context);
    }

    /** The passes of sampling for one of {@link #instructionSets()}. */
    public LogitPasses logitPasses(InstructionSet instructionSet) {
        return new NativeLogitPasses(functions, "plumbline_" + instructionSet.symbolPart() + "_");
    }

    /** A call that writes 64 bits to where its argument points. */
    @FunctionalInterface
    private interface Placing {
        int run(long to) throws Throwable;
    }

    private static long value(String operation, Placing call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ValueLayout.JAVA_LONG);
            NativeCall.check(operation, () -> call.run(place.address()));
            return place.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}

package io.plumbline.inference.kernel.cuda.driver;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The functions of {@code libnvrtc}: from CUDA C++ to an image that the driver loads. */
public final class RuntimeCompiler {
    /** The whole of a compiler's log can be pages; the first error says it all. */
    private static final int LOG_CHARACTERS = 4000;

    /** By place: a library stays loaded. */
    private static final Map<String, RuntimeCompiler> LOADED = new ConcurrentHashMap<>();

    private final NativeLibrary library;
    private final MethodHandle errorText;
    private final MethodHandle version;
    private final MethodHandle architectureCount;
    private final MethodHandle architectures;
    private final MethodHandle createProgram;
    private final MethodHandle destroyProgram;
    private final MethodHandle compileProgram;
    private final MethodHandle logSize;
    private final MethodHandle log;
    private final MethodHandle binarySize;
    private final MethodHandle binary;
    private final MethodHandle ptxSize;
    private final MethodHandle ptx;

    private RuntimeCompiler(NativeLibrary library) {
        this.library = library;
        errorText = library.linkText("nvrtcGetErrorString");
        version = library.link("nvrtcVersion", "PP");
        architectureCount = library.link("nvrtcGetNumSupportedArchs", "P");
        architectures = library.link("nvrtcGetSupportedArchs", "P");
        createProgram = library.link("nvrtcCreateProgram", "PPPIPP");
        destroyProgram = library.link("nvrtcDestroyProgram", "P");
        compileProgram = library.link("nvrtcCompileProgram", "PIP");
        logSize = library.link("nvrtcGetProgramLogSize", "PP");
        log = library.link("nvrtcGetProgramLog", "PP");
        binarySize = library.link("nvrtcGetCUBINSize", "PP");
        binary = library.link("nvrtcGetCUBIN", "PP");
        ptxSize = library.link("nvrtcGetPTXSize", "PP");
        ptx = library.link("nvrtcGetPTX", "PP");
    }

    /**
     * Loads the compiler.
     *
     * @param place a file, or the name that the loader looks for
     * @throws LibraryRefusedException if there is no such library or it is older than CUDA 11.2
     */
    public static RuntimeCompiler open(String place) {
        return LOADED.computeIfAbsent(place, name -> new RuntimeCompiler(NativeLibrary.open(name)));
    }

    /** Where the library was found. */
    public String place() {
        return library.place();
    }

    private void check(String function, NativeLibrary.Invocation call) {
        int code = NativeLibrary.status(function, call);
        if (code != 0) {
            throw new KernelException("%s failed with %s. Remedy: install NVRTC anew (%s was used)"
                    .formatted(function, name(code), place()));
        }
    }

    private String name(int code) {
        long[] address = new long[1];
        NativeLibrary.status("nvrtcGetErrorString", () -> {
            address[0] = (long) errorText.invokeExact(code);
            return 0;
        });
        return NativeLibrary.text(address[0]);
    }

    public CudaVersion version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment places = arena.allocate(ValueLayout.JAVA_INT, 2);
            long minor = places.address() + Integer.BYTES;
            check("nvrtcVersion", () -> (int) version.invokeExact(places.address(), minor));
            return new CudaVersion(
                    places.getAtIndex(ValueLayout.JAVA_INT, 0), places.getAtIndex(ValueLayout.JAVA_INT, 1));
        }
    }

    /** The generations of devices that it makes code for, oldest first. */
    public List<ComputeCapability> architectures() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            check("nvrtcGetNumSupportedArchs", () -> (int) architectureCount.invokeExact(count.address()));
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, count.get(ValueLayout.JAVA_INT, 0));
            check("nvrtcGetSupportedArchs", () -> (int) architectures.invokeExact(numbers.address()));
            return numbers.elements(ValueLayout.JAVA_INT)
                    .map(element -> ComputeCapability.ofNumber(element.get(ValueLayout.JAVA_INT, 0)))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Compiles a translation unit.
     *
     * @throws KernelException if the source has an error; the message holds the compiler's log
     */
    public byte[] compile(KernelSource source, ImageTarget target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = create(arena, source);
            try {
                compile(arena, program.get(ValueLayout.JAVA_LONG, 0), source, target);
                return image(arena, program.get(ValueLayout.JAVA_LONG, 0), target);
            } finally {
                check("nvrtcDestroyProgram", () -> (int) destroyProgram.invokeExact(program.address()));
            }
        }
    }

    private MemorySegment create(Arena arena, KernelSource source) {
        MemorySegment program = arena.allocate(ValueLayout.JAVA_LONG);
        long text = arena.allocateFrom(source.text()).address();
        long name = arena.allocateFrom(source.name()).address();
        long headers = texts(arena, source.headers().values());
        long headerNames = texts(arena, source.headers().keySet());
        int count = source.headers().size();
        check("nvrtcCreateProgram", () ->
                (int) createProgram.invokeExact(program.address(), text, name, count, headers, headerNames));
        return program;
    }

    /** An array of C strings. */
    private static long texts(Arena arena, Collection<String> all) {
        MemorySegment addresses = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, all.size()));
        List<String> ordered = new ArrayList<>(all);
        for (int i = 0; i < ordered.size(); i++) {
            addresses.setAtIndex(
                    ValueLayout.JAVA_LONG, i, arena.allocateFrom(ordered.get(i)).address());
        }
        return addresses.address();
    }

    private void compile(Arena arena, long program, KernelSource source, ImageTarget target) {
        List<String> options = target.options();
        long addresses = texts(arena, options);
        int count = options.size();
        int code = NativeLibrary.status(
                "nvrtcCompileProgram", () -> (int) compileProgram.invokeExact(program, count, addresses));
        if (code != 0) {
            String told = new String(bytes(arena, program, "nvrtcGetProgramLog", logSize, log), StandardCharsets.UTF_8)
                    .replace("\0", "")
                    .strip();
            throw new KernelException("%s does not compile %s for %s (%s): %s"
                    .formatted(
                            place(),
                            source.name(),
                            target,
                            name(code),
                            told.substring(0, Math.min(told.length(), LOG_CHARACTERS))));
        }
    }

    private byte[] image(Arena arena, long program, ImageTarget target) {
        return switch (target.kind()) {
            case BINARY -> bytes(arena, program, "nvrtcGetCUBIN", binarySize, binary);
            case PTX -> bytes(arena, program, "nvrtcGetPTX", ptxSize, ptx);
        };
    }

    private byte[] bytes(Arena arena, long program, String function, MethodHandle size, MethodHandle get) {
        MemorySegment place = arena.allocate(ValueLayout.JAVA_LONG);
        check(function + "Size", () -> (int) size.invokeExact(program, place.address()));
        MemorySegment bytes = arena.allocate(Math.max(1, place.get(ValueLayout.JAVA_LONG, 0)));
        check(function, () -> (int) get.invokeExact(program, bytes.address()));
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
}

package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Calls functions of a kernel library in an emulator, see {@code kernel_server.c}; memory is shared with it. */
final class EmulatedFunctions implements KernelFunctions {
    private final Writer requests;
    private final BufferedReader answers;
    private final SharedMemory memory;

    EmulatedFunctions(Process server, SharedMemory memory) {
        this.requests = server.outputWriter(StandardCharsets.US_ASCII);
        this.answers = server.inputReader(StandardCharsets.US_ASCII);
        this.memory = memory;
    }

    @Override
    public MethodHandle link(String symbol, String parameters) {
        Function<Object[], Integer> body =
                switch (symbol) {
                    case "plumbline_allocate" -> this::allocate;
                    case "plumbline_free" -> this::free;
                    case "plumbline_open", "plumbline_packed_bytes" ->
                        arguments -> placing(symbol, parameters, arguments);
                    default -> arguments -> withArrays(symbol, parameters, arguments);
                };
        Class<?>[] types =
                parameters.chars().mapToObj(letter -> type((char) letter)).toArray(Class<?>[]::new);
        try {
            return MethodHandles.lookup()
                    .findVirtual(Function.class, "apply", MethodType.methodType(Object.class, Object.class))
                    .bindTo(body)
                    .asCollector(Object[].class, types.length)
                    .asType(MethodType.methodType(int.class, types));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> type(char letter) {
        return switch (letter) {
            case 'P', 'L' -> long.class;
            case 'I' -> int.class;
            case 'F' -> float.class;
            case 'H' -> MemorySegment.class;
            default -> throw new IllegalArgumentException("no such parameter letter: " + letter);
        };
    }

    private int allocate(Object[] arguments) {
        place((long) arguments[1], memory.allocate((long) arguments[0]));
        return 0;
    }

    private int free(Object[] arguments) {
        memory.free();
        return 0;
    }

    /** The result must be written to where the emulator can write; its address is the last argument. */
    private int placing(String symbol, String parameters, Object[] arguments) {
        long shared = memory.allocate(Long.BYTES);
        Object[] there = arguments.clone();
        there[there.length - 1] = shared;
        int code = remote(symbol, parameters, there);
        place((long) arguments[arguments.length - 1], at(shared).get(ValueLayout.JAVA_LONG, 0));
        memory.free();
        return code;
    }

    /** Arrays of the Java heap are copied to where the emulator sees them, and back. */
    private int withArrays(String symbol, String parameters, Object[] arguments) {
        Object[] there = arguments.clone();
        for (int i = 0; i < there.length; i++) {
            if (there[i] instanceof MemorySegment array) {
                long address = memory.allocate(array.byteSize());
                MemorySegment.ofAddress(address).reinterpret(array.byteSize()).copyFrom(array);
                there[i] = address;
            }
        }
        int code = remote(symbol, parameters.replace('H', 'P'), there);
        for (int i = 0; i < there.length; i++) {
            if (arguments[i] instanceof MemorySegment array) {
                array.copyFrom(MemorySegment.ofAddress((long) there[i]).reinterpret(array.byteSize()));
                memory.free();
            }
        }
        return code;
    }

    private static void place(long to, long value) {
        at(to).set(ValueLayout.JAVA_LONG, 0, value);
    }

    private static MemorySegment at(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.BYTES);
    }

    private synchronized int remote(String symbol, String parameters, Object[] arguments) {
        StringBuilder line = new StringBuilder(symbol);
        for (int i = 0; i < arguments.length; i++) {
            long bits =
                    switch (arguments[i]) {
                        case Float value -> Float.floatToRawIntBits(value) & 0xFFFF_FFFFL;
                        case Integer value -> value;
                        case Long value -> value;
                        default -> throw new IllegalArgumentException(parameters);
                    };
            line.append(' ').append(parameters.charAt(i)).append(Long.toHexString(bits));
        }
        try {
            requests.write(line.append('\n').toString());
            requests.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new KernelException("the emulator ended in " + symbol);
            }
            return Integer.parseInt(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

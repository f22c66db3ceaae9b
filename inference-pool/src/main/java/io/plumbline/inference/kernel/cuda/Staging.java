package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.cuda.driver.CommandStream;
import io.plumbline.inference.kernel.cuda.driver.DeviceBlock;
import io.plumbline.inference.kernel.cuda.driver.DeviceContext;
import io.plumbline.inference.kernel.cuda.driver.PinnedBlock;
import io.plumbline.inference.kernel.cuda.driver.StreamMark;
import java.lang.foreign.MemorySegment;

/**
 * Brings host memory to the device and back through pinned memory, so that the host need not wait. Two halves are used in
 * turn: while the device still reads one, the other is filled. A half is left for the other only when an upload begins,
 * and marked then, behind all launches that use it.
 */
final class Staging {
    private static final long ALIGNMENT = 16;
    private static final long FIRST_HALF_BYTES = 1 << 20;

    private final DeviceContext context;
    private final CommandStream commands;
    private Half filling;
    private Half resting;
    private long used;

    /** The same bytes on the host and on the device, and the place in the stream behind which they may be overwritten. */
    private record Half(PinnedBlock host, DeviceBlock device, StreamMark left) {
        static Half allocate(DeviceContext context, CommandStream commands, long bytes) {
            return new Half(PinnedBlock.allocate(context, bytes), context.allocate(bytes), commands.mark());
        }

        long bytes() {
            return device.bytes();
        }

        void close() {
            left.close();
            device.close();
            host.close();
        }
    }

    Staging(DeviceContext context, CommandStream commands) {
        this.context = context;
        this.commands = commands;
        this.filling = Half.allocate(context, commands, FIRST_HALF_BYTES);
        this.resting = Half.allocate(context, commands, FIRST_HALF_BYTES);
    }

    /** Copies arrays to the device; their addresses there are good for the launches until the next upload. */
    long[] upload(MemorySegment... arrays) {
        long bytes = 0;
        for (MemorySegment array : arrays) {
            bytes += aligned(array.byteSize());
        }
        long from = reserve(bytes);
        long[] addresses = new long[arrays.length];
        long at = from;
        for (int i = 0; i < arrays.length; i++) {
            MemorySegment.copy(arrays[i], 0, filling.host().memory(), at, arrays[i].byteSize());
            addresses[i] = filling.device().address() + at;
            at += aligned(arrays[i].byteSize());
        }
        if (bytes > 0) {
            commands.copyToDevice(
                    filling.device().address() + from, filling.host().memory().asSlice(from, bytes));
        }
        return addresses;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Copies a run of bytes through the host's halves only. */
    void write(long to, MemorySegment source) {
        for (long done = 0; done < source.byteSize(); ) {
            long part = Math.min(source.byteSize() - done, filling.bytes());
            long from = reserve(aligned(part));
            MemorySegment staged = filling.host().memory().asSlice(from, part);
            staged.copyFrom(source.asSlice(done, part));
            commands.copyToDevice(to + done, staged);
            done += part;
        }
    }

    /** Copies a run of bytes from the device, when all work is done. */
    void read(MemorySegment target, long from) {
        for (long done = 0; done < target.byteSize(); ) {
            long part = Math.min(target.byteSize() - done, filling.bytes());
            long place = reserve(aligned(part));
            MemorySegment staged = filling.host().memory().asSlice(place, part);
            commands.copyToHost(staged, from + done);
            commands.synchronize();
            target.asSlice(done, part).copyFrom(staged);
            done += part;
        }
    }

    /** Where so many bytes are free in the half that is being filled. */
    private long reserve(long bytes) {
        if (bytes > filling.bytes()) {
            grow(bytes);
        } else if (used + bytes > filling.bytes()) {
            Half full = filling;
            full.left().set();
            filling = resting;
            resting = full;
            filling.left().await();
            used = 0;
        }
        long from = used;
        used += bytes;
        return from;
    }

    /** The old halves go when the new ones are there: where memory is short, this operation fails and no later one. */
    private void grow(long bytes) {
        commands.synchronize();
        Half first = Half.allocate(context, commands, Long.highestOneBit(bytes) * 2);
        Half second = Half.allocate(context, commands, first.bytes());
        filling.close();
        resting.close();
        filling = first;
        resting = second;
        used = 0;
    }
}

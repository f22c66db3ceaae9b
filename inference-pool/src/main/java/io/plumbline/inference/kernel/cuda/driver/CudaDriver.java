package io.plumbline.inference.kernel.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of {@code libcuda.so.1}. Every status is checked here; what is not 0 becomes a {@link CudaException}.
 * Addresses, on the device or not, and handles are plain numbers.
 */
public final class CudaDriver {
    private static final int MULTIPROCESSOR_COUNT = 16;
    private static final int COMPUTE_CAPABILITY_MAJOR = 75;
    private static final int COMPUTE_CAPABILITY_MINOR = 76;
    private static final int MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;
    private static final int STREAM_NON_BLOCKING = 1;
    private static final int EVENT_DISABLE_TIMING = 2;
    private static final int NAME_BYTES = 256;

    /** By place: a library stays loaded, and binding it takes longer than opening a device. */
    private static final Map<String, CudaDriver> LOADED = new ConcurrentHashMap<>();

    private final NativeLibrary library;
    private final MethodHandle initialise;
    private final MethodHandle errorText;
    private final MethodHandle driverVersion;
    private final MethodHandle deviceCount;
    private final MethodHandle device;
    private final MethodHandle deviceName;
    private final MethodHandle deviceAttribute;
    private final MethodHandle deviceTotalMemory;
    private final MethodHandle retainContext;
    private final MethodHandle releaseContext;
    private final MethodHandle setCurrent;
    private final MethodHandle memoryInformation;
    private final MethodHandle allocate;
    private final MethodHandle free;
    private final MethodHandle allocateHost;
    private final MethodHandle freeHost;
    private final MethodHandle copyToDevice;
    private final MethodHandle copyToHost;
    private final MethodHandle setBytes;
    private final MethodHandle createStream;
    private final MethodHandle destroyStream;
    private final MethodHandle synchronizeStream;
    private final MethodHandle createEvent;
    private final MethodHandle destroyEvent;
    private final MethodHandle recordEvent;
    private final MethodHandle synchronizeEvent;
    private final MethodHandle loadModule;
    private final MethodHandle unloadModule;
    private final MethodHandle moduleFunction;
    private final MethodHandle setFunctionAttribute;
    private final MethodHandle launchKernel;

    private CudaDriver(NativeLibrary library) {
        this.library = library;
        initialise = library.link("cuInit", "I");
        errorText = library.link("cuGetErrorString", "IP");
        driverVersion = library.link("cuDriverGetVersion", "P");
        deviceCount = library.link("cuDeviceGetCount", "P");
        device = library.link("cuDeviceGet", "PI");
        deviceName = library.link("cuDeviceGetName", "PII");
        deviceAttribute = library.link("cuDeviceGetAttribute", "PII");
        deviceTotalMemory = library.link("cuDeviceTotalMem_v2", "PI");
        retainContext = library.link("cuDevicePrimaryCtxRetain", "PI");
        releaseContext = library.link("cuDevicePrimaryCtxRelease_v2", "I");
        setCurrent = library.link("cuCtxSetCurrent", "P");
        memoryInformation = library.link("cuMemGetInfo_v2", "PP");
        allocate = library.link("cuMemAlloc_v2", "PL");
        free = library.link("cuMemFree_v2", "P");
        allocateHost = library.link("cuMemHostAlloc", "PLI");
        freeHost = library.link("cuMemFreeHost", "P");
        copyToDevice = library.link("cuMemcpyHtoDAsync_v2", "PPLP");
        copyToHost = library.link("cuMemcpyDtoHAsync_v2", "PPLP");
        setBytes = library.link("cuMemsetD8Async", "PBLP");
        createStream = library.link("cuStreamCreate", "PI");
        destroyStream = library.link("cuStreamDestroy_v2", "P");
        synchronizeStream = library.link("cuStreamSynchronize", "P");
        createEvent = library.link("cuEventCreate", "PI");
        destroyEvent = library.link("cuEventDestroy_v2", "P");
        recordEvent = library.link("cuEventRecord", "PP");
        synchronizeEvent = library.link("cuEventSynchronize", "P");
        loadModule = library.link("cuModuleLoadData", "PP");
        unloadModule = library.link("cuModuleUnload", "P");
        moduleFunction = library.link("cuModuleGetFunction", "PPP");
        setFunctionAttribute = library.link("cuFuncSetAttribute", "PII");
        launchKernel = library.link("cuLaunchKernel", "PIIIIIIIPPP");
    }

    /**
     * Loads and initialises the driver.
     *
     * @param place a file, or the name that the loader looks for
     * @throws LibraryRefusedException if there is no such library or it is none of a driver from CUDA 11 on
     * @throws CudaException if the driver finds no device or cannot work
     */
    public static CudaDriver open(String place) {
        CudaDriver driver = LOADED.computeIfAbsent(place, name -> new CudaDriver(NativeLibrary.open(name)));
        driver.check("cuInit", () -> (int) driver.initialise.invokeExact(0));
        return driver;
    }

    /** Where the library was found. */
    public String place() {
        return library.place();
    }

    void check(String function, NativeLibrary.Invocation call) {
        int code = NativeLibrary.status(function, call);
        if (code != CudaStatus.SUCCESS.code()) {
            throw new CudaFailure(function, code, explanation(code)).toException();
        }
    }

    private String explanation(int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ValueLayout.JAVA_LONG);
            int refused =
                    NativeLibrary.status("cuGetErrorString", () -> (int) errorText.invokeExact(code, place.address()));
            return refused == 0 ? NativeLibrary.text(place.get(ValueLayout.JAVA_LONG, 0)) : "";
        }
    }

    /** A call that writes to where its argument points. */
    @FunctionalInterface
    private interface Placing {
        int run(long to) throws Throwable;
    }

    /** What the call has written: 64 bits, of which an int fills the lower half. */
    private long result(String function, Placing call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ValueLayout.JAVA_LONG);
            check(function, () -> call.run(place.address()));
            return place.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** The newest CUDA that this driver runs. */
    public CudaVersion version() {
        return CudaVersion.ofNumber((int) result("cuDriverGetVersion", to -> (int) driverVersion.invokeExact(to)));
    }

    /** Devices that this process may see: CUDA_VISIBLE_DEVICES is the driver's own matter. */
    public int deviceCount() {
        return (int) result("cuDeviceGetCount", to -> (int) deviceCount.invokeExact(to));
    }

    /** What the device with this number is. */
    public DeviceProperties properties(int ordinal) {
        int handle = deviceHandle(ordinal);
        return new DeviceProperties(
                ordinal,
                name(handle),
                new ComputeCapability(
                        attribute(handle, COMPUTE_CAPABILITY_MAJOR), attribute(handle, COMPUTE_CAPABILITY_MINOR)),
                attribute(handle, MULTIPROCESSOR_COUNT),
                result("cuDeviceTotalMem", to -> (int) deviceTotalMemory.invokeExact(to, handle)));
    }

    int deviceHandle(int ordinal) {
        return (int) result("cuDeviceGet", to -> (int) device.invokeExact(to, ordinal));
    }

    private String name(int handle) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(NAME_BYTES);
            check("cuDeviceGetName", () -> (int) deviceName.invokeExact(text.address(), NAME_BYTES, handle));
            return text.getString(0);
        }
    }

    private int attribute(int handle, int which) {
        return (int) result("cuDeviceGetAttribute", to -> (int) deviceAttribute.invokeExact(to, which, handle));
    }

    long retainContext(int handle) {
        return result("cuDevicePrimaryCtxRetain", to -> (int) retainContext.invokeExact(to, handle));
    }

    void releaseContext(int handle) {
        check("cuDevicePrimaryCtxRelease", () -> (int) releaseContext.invokeExact(handle));
    }

    void setCurrent(long context) {
        check("cuCtxSetCurrent", () -> (int) setCurrent.invokeExact(context));
    }

    MemoryState memory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment places = arena.allocate(ValueLayout.JAVA_LONG, 2);
            long total = places.address() + Long.BYTES;
            check("cuMemGetInfo", () -> (int) memoryInformation.invokeExact(places.address(), total));
            return new MemoryState(
                    places.getAtIndex(ValueLayout.JAVA_LONG, 0), places.getAtIndex(ValueLayout.JAVA_LONG, 1));
        }
    }

    long allocate(long bytes) {
        return result("cuMemAlloc", to -> (int) allocate.invokeExact(to, bytes));
    }

    void free(long address) {
        check("cuMemFree", () -> (int) free.invokeExact(address));
    }

    long allocateHost(long bytes) {
        return result("cuMemHostAlloc", to -> (int) allocateHost.invokeExact(to, bytes, 0));
    }

    void freeHost(long address) {
        check("cuMemFreeHost", () -> (int) freeHost.invokeExact(address));
    }

    void copyToDevice(long to, long from, long bytes, long stream) {
        check("cuMemcpyHtoDAsync", () -> (int) copyToDevice.invokeExact(to, from, bytes, stream));
    }

    void copyToHost(long to, long from, long bytes, long stream) {
        check("cuMemcpyDtoHAsync", () -> (int) copyToHost.invokeExact(to, from, bytes, stream));
    }

    void setBytes(long at, byte value, long bytes, long stream) {
        check("cuMemsetD8Async", () -> (int) setBytes.invokeExact(at, value, bytes, stream));
    }

    long createStream() {
        return result("cuStreamCreate", to -> (int) createStream.invokeExact(to, STREAM_NON_BLOCKING));
    }

    void destroyStream(long stream) {
        check("cuStreamDestroy", () -> (int) destroyStream.invokeExact(stream));
    }

    void synchronizeStream(long stream) {
        check("cuStreamSynchronize", () -> (int) synchronizeStream.invokeExact(stream));
    }

    long createEvent() {
        return result("cuEventCreate", to -> (int) createEvent.invokeExact(to, EVENT_DISABLE_TIMING));
    }

    void destroyEvent(long event) {
        check("cuEventDestroy", () -> (int) destroyEvent.invokeExact(event));
    }

    void recordEvent(long event, long stream) {
        check("cuEventRecord", () -> (int) recordEvent.invokeExact(event, stream));
    }

    void synchronizeEvent(long event) {
        check("cuEventSynchronize", () -> (int) synchronizeEvent.invokeExact(event));
    }

    long loadModule(long image) {
        return result("cuModuleLoadData", to -> (int) loadModule.invokeExact(to, image));
    }

    void unloadModule(long module) {
        check("cuModuleUnload", () -> (int) unloadModule.invokeExact(module));
    }

    long function(long module, String symbol) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(symbol).address();
            return result("cuModuleGetFunction(%s)".formatted(symbol), to ->
                    (int) moduleFunction.invokeExact(to, module, name));
        }
    }

    void allowShared(long function, int bytes) {
        check("cuFuncSetAttribute", () ->
                (int) setFunctionAttribute.invokeExact(function, MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes));
    }

    /** @param parameters address of an array of addresses, one per argument */
    void launch(String symbol, long function, Grid grid, long stream, long parameters) {
        check(symbol, () -> (int) launchKernel.invokeExact(
                function,
                grid.blocksX(),
                grid.blocksY(),
                grid.blocksZ(),
                grid.threadsX(),
                grid.threadsY(),
                1,
                grid.sharedBytes(),
                stream,
                parameters,
                0L));
    }
}

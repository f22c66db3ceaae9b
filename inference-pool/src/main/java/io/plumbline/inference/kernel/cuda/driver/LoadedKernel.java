package io.plumbline.inference.kernel.cuda.driver;

/** An entry point of a loaded module. */
public final class LoadedKernel {
    private final String symbol;
    private final String parameters;
    private final long handle;
    private int allowedShared = SHARED_WITHOUT_ASKING;

    /** Shared memory that a launch may ask for without having been allowed more. */
    private static final int SHARED_WITHOUT_ASKING = 48 << 10;

    LoadedKernel(String symbol, String parameters, long handle) {
        this.symbol = symbol;
        this.parameters = parameters;
        this.handle = handle;
    }

    String symbol() {
        return symbol;
    }

    String parameters() {
        return parameters;
    }

    long handle() {
        return handle;
    }

    /** Large shared memory must be allowed once per function. */
    void allowShared(CudaDriver driver, int bytes) {
        if (bytes > allowedShared) {
            driver.allowShared(handle, bytes);
            allowedShared = bytes;
        }
    }
}

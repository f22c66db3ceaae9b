package io.plumbline.inference.kernel.cuda.driver;

/** What a failed call of the driver means, and what to do about it. */
public enum FailureKind {
    /** The driver library is the empty one that toolkits bring for linking. */
    STUB_LIBRARY(
            "remove the CUDA toolkit's stubs folder from LD_LIBRARY_PATH, so that the driver's own libcuda.so.1 is found"),
    NO_DEVICE("look at nvidia-smi; check CUDA_VISIBLE_DEVICES and PLUMBLINE_CUDA_DEVICE (in a container: --gpus all)"),
    DEVICE_BUSY("another process holds the GPU exclusively; end it, or choose another with PLUMBLINE_CUDA_DEVICE"),
    /** Library and kernel module are of different versions. */
    DRIVER_MISMATCH("restart the machine (or reload the nvidia kernel module) so that driver and library agree"),
    DRIVER_STATE("look at nvidia-smi and the kernel's log (dmesg | grep -i nvrm)"),
    OUT_OF_MEMORY(
            "free device memory (nvidia-smi shows who uses it), load fewer or smaller models, or set a smaller memory budget"),
    IMAGE_REFUSED("update the NVIDIA driver, or install an NVRTC that is not newer than it"),
    LAUNCH_REFUSED("this is a fault in Plumbline: please report it with this message"),
    /** Nothing can be computed on this device by this process any more. */
    DEVICE_FAULT("restart the process; if it happens again look at nvidia-smi and dmesg for Xid errors"),
    MISUSE("this is a fault in Plumbline: please report it with this message"),
    OTHER("look up the code in the CUDA Driver API reference; look at nvidia-smi and dmesg");

    private final String remedy;

    FailureKind(String remedy) {
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}

package io.plumbline.ascend.acl;

/** Who must act on an error code, and how; each kind has its own exception. */
public enum ErrorKind {
    /** The library that was loaded is a link stub without a driver behind it. */
    STUB_LIBRARY(
            "the loaded library is a link stub (from a devlib folder): put the toolkit's lib64 and the driver's lib64 first in LD_LIBRARY_PATH"),
    /** The installation or this process's permission lacks something; trying again does not help. */
    UNAVAILABLE(
            "check that the driver, the CANN toolkit and its operator package are installed and match, source set_env.sh, and that this user is in the group HwHiAiUser"),
    /** The device has no memory left. */
    OUT_OF_MEMORY("use a smaller model, context or batch, or close other programs on this device"),
    /** The device has no streams, events or other resources left. */
    EXHAUSTED("close other programs on this device and try again"),
    /** This device or toolkit cannot run the operation with these shapes and types. */
    UNSUPPORTED("use a newer CANN toolkit, another device, or the backend 'cpu'"),
    /** Submitted work did not finish in time. */
    TIMED_OUT("look at the device with npu-smi info; restart this process, and reset the device if it stays busy"),
    /** The work was given up because the stream was aborted. */
    ABORTED("send the request again"),
    /** A graph could not be captured or replayed; the device is well. */
    CAPTURE("run without graph capture"),
    /** The device failed; nothing that is on it can be trusted. */
    DEVICE_FAULT(
            "restart this process; if it comes again, look at the device with npu-smi info and at the logs in ~/ascend/log"),
    /** The calling thread has no context, or that of another stream. */
    CONTEXT_MISSING("report this as a bug: device calls belong on the device's own thread"),
    /** The runtime was not initialised, or has ended. */
    NOT_INITIALISED("report this as a bug: the runtime is used before its start or after its end"),
    /** The runtime refuses an argument. */
    INVALID_ARGUMENT("report this as a bug with the shapes of the model"),
    /** The runtime failed inside. */
    INTERNAL("try again; if it stays, look at the logs in ~/ascend/log and restart this process");

    private final String remedy;

    ErrorKind(String remedy) {
        this.remedy = remedy;
    }

    /** What a person can do about it. */
    public String remedy() {
        return remedy;
    }
}

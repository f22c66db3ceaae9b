package io.plumbline.inference.kernel.ffm;

import java.lang.invoke.MethodHandle;

/** Where the functions of the kernel library are: in this process, or, in tests, in an emulated processor. */
@FunctionalInterface
interface KernelFunctions {
    /**
     * Makes {@code int symbol(…)} callable.
     *
     * @param parameters one letter each, as in {@link NativeCall#link}
     * @throws io.plumbline.inference.kernel.KernelException if there is no such function
     */
    MethodHandle link(String symbol, String parameters);
}

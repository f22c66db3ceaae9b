package io.plumbline.ascend.acl;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.util.List;

/**
 * A native function as data. Descriptors, the ABI check against the stand-in and the list of missing symbols all come
 * from here.
 *
 * @param name the exported symbol
 * @param result what it returns
 * @param parameters in C's order
 * @param set what it belongs to
 */
public record NativeFunction(String name, NativeResult result, List<Parameter> parameters, FunctionSet set) {
    public NativeFunction {
        parameters = List.copyOf(parameters);
    }

    FunctionDescriptor descriptor() {
        return FunctionDescriptor.of(
                result.layout(),
                parameters.stream().map(parameter -> parameter.code().layout()).toArray(MemoryLayout[]::new));
    }
}

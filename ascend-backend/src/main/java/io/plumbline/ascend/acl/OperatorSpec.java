package io.plumbline.ascend.acl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A two-phase operator as data: {@code NAMEGetWorkspaceSize} checks and plans, {@code NAME} launches.
 *
 * @param name of phase 2
 * @param library which split library holds it: {@code math}, {@code nn} or {@code transformer}
 * @param decidingParameter whose data type decides whether a device can run it
 * @param types the data types that the deciding parameter may have, per family; a family not named cannot run it
 * @param parameters of phase 1, without the two results
 */
public record OperatorSpec(
        String name,
        String library,
        String decidingParameter,
        Map<SocFamily, Set<AclDataType>> types,
        List<Parameter> parameters) {
    public OperatorSpec {
        parameters = List.copyOf(parameters);
        types = Map.copyOf(types);
    }

    /** Phase 1: checks the arguments and answers with workspace size and executor. */
    public NativeFunction planning() {
        List<Parameter> all = new ArrayList<>(parameters);
        all.add(new Parameter("workspaceSize", ArgumentCode.POINTER, false));
        all.add(new Parameter("executor", ArgumentCode.POINTER, false));
        return new NativeFunction(name + "GetWorkspaceSize", NativeResult.STATUS, all, FunctionSet.OPERATOR);
    }

    /** Phase 2: takes the executor and puts the work on a stream. */
    public NativeFunction launching() {
        return new NativeFunction(
                name,
                NativeResult.STATUS,
                List.of(
                        new Parameter("workspace", ArgumentCode.POINTER, true),
                        new Parameter("workspaceSize", ArgumentCode.UINT64, false),
                        new Parameter("executor", ArgumentCode.POINTER, false),
                        new Parameter("stream", ArgumentCode.POINTER, false)),
                FunctionSet.OPERATOR);
    }

    /** Whether devices of the family run it with this type of the deciding parameter. */
    public boolean supports(SocFamily family, AclDataType type) {
        return types.getOrDefault(family, Set.of()).contains(type);
    }
}

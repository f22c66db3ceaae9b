package io.plumbline.ascend.acl;

/** What a function belongs to, and whether the binding can do without it. */
public enum FunctionSet {
    /** Always bound; a library without it cannot be used. */
    CORE,
    OPTIONAL,
    VIRTUAL_MEMORY,
    GRAPH_CAPTURE,
    /** One of the two phases of an operator; an operator that is not there is a missing capability. */
    OPERATOR;

    /** Whether a library that lacks such a function is refused. */
    public boolean isRequired() {
        return this == CORE;
    }
}

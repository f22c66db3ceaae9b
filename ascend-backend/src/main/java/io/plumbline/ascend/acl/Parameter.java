package io.plumbline.ascend.acl;

/**
 * A parameter of a native function.
 *
 * @param name its name in the vendor's documents
 * @param code what C takes
 * @param optional whether NULL may be passed
 */
public record Parameter(String name, ArgumentCode code, boolean optional) {
    /** Reads {@code name:code} or, for one that may be NULL, {@code name:code?}. */
    static Parameter of(String text) {
        int colon = text.indexOf(':');
        boolean optional = text.endsWith("?");
        String code = text.substring(colon + 1, text.length() - (optional ? 1 : 0));
        return new Parameter(text.substring(0, colon), ArgumentCode.of(code), optional);
    }
}

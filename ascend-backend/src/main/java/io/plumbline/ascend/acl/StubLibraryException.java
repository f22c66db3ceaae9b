package io.plumbline.ascend.acl;

/** The library that was loaded is a link stub without a driver behind it. */
public final class StubLibraryException extends AclException {
    private static final long serialVersionUID = 1L;

    StubLibraryException(AclFailure failure) {
        super(failure);
    }
}

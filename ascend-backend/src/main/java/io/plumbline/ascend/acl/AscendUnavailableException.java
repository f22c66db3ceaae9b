package io.plumbline.ascend.acl;

/** The installation or this process's permission lacks something; trying again does not help. */
public final class AscendUnavailableException extends AclException {
    private static final long serialVersionUID = 1L;

    AscendUnavailableException(AclFailure failure) {
        super(failure);
    }
}

package io.plumbline.platform.members;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** This installation has no client in Keycloak through which it could manage members. */
@AnswersWith(status = 501, type = ErrorType.CAPACITY, code = "members_not_configured")
public final class MembersNotConfigured extends PlatformException {
    private static final long serialVersionUID = 1L;

    private MembersNotConfigured(String reason, String client) {
        super(
                ("%s The operator creates the confidential client '%s' in Keycloak with a service account, gives that account"
                                + " the realm-management roles manage-users and manage-organizations, and puts the client's"
                                + " secret into PLUMBLINE_MEMBERS_SECRET. Until then members are managed in Keycloak itself.")
                        .formatted(reason, client));
    }

    static MembersNotConfigured noSecret(String client) {
        return new MembersNotConfigured("Members cannot be managed here: PLUMBLINE_MEMBERS_SECRET is not set.", client);
    }

    static MembersNotConfigured clientRefused(String client) {
        return new MembersNotConfigured(
                "Members cannot be managed here: Keycloak refuses the client or its secret.", client);
    }

    static MembersNotConfigured rolesMissing(String client) {
        return new MembersNotConfigured(
                "Members cannot be managed here: the client's service account lacks a role in Keycloak.", client);
    }
}

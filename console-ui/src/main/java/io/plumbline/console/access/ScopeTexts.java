package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import io.plumbline.platform.identity.Role;
import io.plumbline.platform.identity.Scope;
import java.util.Locale;

/** What scopes and roles are called, and what they allow, in a sentence each. */
final class ScopeTexts {
    private ScopeTexts() {}

    static String about(Scope scope) {
        return text("access.scope." + scope.name().toLowerCase(Locale.ROOT));
    }

    static String name(Role role) {
        return text("access.role." + role.wireName());
    }

    static String about(Role role) {
        return text("access.role_about." + role.wireName());
    }
}

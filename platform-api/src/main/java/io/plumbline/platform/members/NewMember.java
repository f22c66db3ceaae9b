package io.plumbline.platform.members;

import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.Role;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Somebody to be added to the organisation.
 *
 * @param email also the user name of a new account; in lower case
 * @param firstName of a new account; one that exists keeps its own
 * @param lastName likewise
 */
public record NewMember(String email, String firstName, String lastName, Set<Role> roles) {
    /** Coarse on purpose: whether an address exists is known only by writing to it. */
    private static final Pattern EMAIL = Pattern.compile("[^\\s@,;<>\"]+@[^\\s@,;<>\"]+\\.[^\\s@,;<>\"]+");

    private static final int MAX_EMAIL = 254;
    private static final int MAX_NAME = 100;

    /** @throws InvalidRequest if the address or a name cannot be one */
    public NewMember {
        email = email.strip().toLowerCase(Locale.ROOT);
        firstName = firstName.strip();
        lastName = lastName.strip();
        roles = Set.copyOf(roles);
        if (email.length() > MAX_EMAIL || !EMAIL.matcher(email).matches()) {
            throw new InvalidRequest(
                    "email", "'%s' is no e-mail address such as name@company.example.".formatted(email));
        }
        name("first_name", firstName);
        name("last_name", lastName);
    }

    private static void name(String param, String name) {
        if (name.length() > MAX_NAME) {
            throw new InvalidRequest(param, "A name has at most %d characters.".formatted(MAX_NAME));
        }
    }

    /** @throws InvalidRequest if a name is missing, which a new account needs */
    void requireNames() {
        if (firstName.isEmpty()) {
            throw new InvalidRequest("first_name", "A new account needs the person's first name.");
        }
        if (lastName.isEmpty()) {
            throw new InvalidRequest("last_name", "A new account needs the person's last name.");
        }
    }
}

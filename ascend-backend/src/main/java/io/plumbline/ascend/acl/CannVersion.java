package io.plumbline.ascend.acl;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of the CANN toolkit.
 *
 * @param major 8 in {@code 8.3.RC1}
 * @param minor 3 in {@code 8.3.RC1}
 * @param text as the toolkit tells it
 */
public record CannVersion(int major, int minor, String text) {
    /** The first version whose interface this binding was written for. */
    public static final CannVersion OLDEST = new CannVersion(8, 0, "8.0");

    /** The last major version whose interface was compared; a later one may have changed signatures. */
    public static final int LAST_KNOWN_MAJOR = 9;

    private static final Pattern LEADING = Pattern.compile("\\s*[vV]?(\\d{1,4})\\.(\\d{1,4}).*", Pattern.DOTALL);

    /** Reads texts such as {@code 8.3.RC1}, {@code 9.2.0-beta.1}, {@code v8.5.0.alpha001}. */
    public static Optional<CannVersion> of(String text) {
        Matcher matcher = LEADING.matcher(text);
        return matcher.matches()
                ? Optional.of(new CannVersion(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), text.strip()))
                : Optional.empty();
    }

    /** Whether the toolkit came before the other one; release candidates count as their release. */
    public boolean isOlderThan(CannVersion other) {
        return major < other.major || (major == other.major && minor < other.minor);
    }
}

package io.plumbline.compliance.detect;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;

/** Host names and addresses as they stand in URLs. */
final class Hosts {
    private static final Pattern PRIVATE =
            Pattern.compile("localhost|.*\\.localhost|.*\\.local|.*\\.internal|.*\\.intranet|.*\\.lan|"
                    + "127\\..*|10\\.\\d+\\.\\d+\\.\\d+|192\\.168\\..*|172\\.(?:1[6-9]|2\\d|3[01])\\..*|169\\.254\\..*|0(?:\\.0){0,3}|"
                    + "100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])\\..*|"
                    + "\\[(?:::1?|f[cd][0-9a-f]{0,2}:.*|fe80:.*|::ffff:.*)\\]|"
                    // One number instead of four: decimal, octal or hexadecimal spelling of an address.
                    + "\\d{8,10}|0x[0-9a-f]{1,8}|0[0-7]{3}\\..*|metadata");

    private Hosts() {}

    /** The host of a URL, lower case, without user and port; empty if there is none. */
    static String of(String url) {
        int start = url.indexOf("//");
        if (start < 0) {
            return "";
        }
        int from = start + 2;
        int end = from;
        while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        String authority = url.substring(from, end).toLowerCase(Locale.ROOT);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        int port = host.startsWith("[") ? host.indexOf(':', host.indexOf(']')) : host.indexOf(':');
        return port >= 0 ? host.substring(0, port) : host;
    }

    /** Loopback, private and link-local networks, cloud metadata services, names without a public meaning. */
    static boolean internal(String host) {
        return PRIVATE.matches(host);
    }

    /** Whether a host is listed, or lies below a listed one that begins with a dot. */
    static boolean listed(String host, List<String> allowed) {
        return allowed.stream().anyMatch(entry -> {
            String name = entry.toLowerCase(Locale.ROOT);
            return name.startsWith(".") ? host.endsWith(name) || host.equals(name.substring(1)) : host.equals(name);
        });
    }
}

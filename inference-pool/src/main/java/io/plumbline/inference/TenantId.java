package io.plumbline.inference;

import java.util.regex.Pattern;

/**
 * The organisation that owns a request, an adapter or a row of data.
 *
 * @param value 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit (a DNS label, RFC 1123)
 */
public record TenantId(String value) {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    public TenantId {
        if (!DNS_LABEL.matcher(value).matches()) {
            throw new IllegalArgumentException("not a tenant id: '%s' (1 to 63 of a-z, 0-9 and '-')".formatted(value));
        }
    }

    public static TenantId of(String value) {
        return new TenantId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}

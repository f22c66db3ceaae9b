package io.plumbline.compliance.detect;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Check characters of identity numbers and codes. All methods take the number without separators, upper or lower case, and
 * answer false for anything malformed.
 */
public final class Checksums {
    private static final int[] RESIDENT_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final int[] VIN_WEIGHTS = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    private static final int[] TAIWAN_WEIGHTS = {1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1};
    private static final String CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    /** Two digits per letter, A to Z. */
    private static final int[] TAIWAN_LETTERS = {
        10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33
    };
    /** Transliteration of ISO 3779 letters, A to Z; 0 = not allowed (I, O, Q). */
    private static final int[] VIN_LETTERS = {
        1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9
    };
    /** Length per country, SWIFT IBAN registry; an unlisted country is unknown, hence invalid. */
    private static final Map<String, Integer> IBAN_LENGTHS = Map.ofEntries(
            Map.entry("AD", 24),
            Map.entry("AE", 23),
            Map.entry("AT", 20),
            Map.entry("BE", 16),
            Map.entry("BG", 22),
            Map.entry("CH", 21),
            Map.entry("CY", 28),
            Map.entry("CZ", 24),
            Map.entry("DE", 22),
            Map.entry("DK", 18),
            Map.entry("EE", 20),
            Map.entry("ES", 24),
            Map.entry("FI", 18),
            Map.entry("FR", 27),
            Map.entry("GB", 22),
            Map.entry("GI", 23),
            Map.entry("GR", 27),
            Map.entry("HR", 21),
            Map.entry("HU", 28),
            Map.entry("IE", 22),
            Map.entry("IL", 23),
            Map.entry("IS", 26),
            Map.entry("IT", 27),
            Map.entry("LI", 21),
            Map.entry("LT", 20),
            Map.entry("LU", 20),
            Map.entry("LV", 21),
            Map.entry("MC", 27),
            Map.entry("MT", 31),
            Map.entry("NL", 18),
            Map.entry("NO", 15),
            Map.entry("PL", 28),
            Map.entry("PT", 25),
            Map.entry("RO", 24),
            Map.entry("SA", 24),
            Map.entry("SE", 24),
            Map.entry("SI", 19),
            Map.entry("SK", 24),
            Map.entry("TR", 26));

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private Checksums() {}

    /** GB 11643: 17 digits and the ISO 7064 MOD 11-2 check character, with a birth date that exists and is not in the future. */
    public static boolean residentId(String id, LocalDate today) {
        if (!id.matches("\\d{17}[\\dXx]") || !birthDate(id.substring(6, 14), today)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += (id.charAt(i) - '0') * RESIDENT_WEIGHTS[i];
        }
        return Character.toUpperCase(id.charAt(17)) == "10X98765432".charAt(sum % 11);
    }

    private static boolean birthDate(String yyyymmdd, LocalDate today) {
        try {
            var date = LocalDate.of(
                    Integer.parseInt(yyyymmdd.substring(0, 4)),
                    Integer.parseInt(yyyymmdd.substring(4, 6)),
                    Integer.parseInt(yyyymmdd.substring(6)));
            return date.getYear() >= 1800 && !date.isAfter(today);
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** GB 32100 unified social credit code, 18 characters. */
    public static boolean socialCreditCode(String code) {
        String upper = code.toUpperCase(Locale.ROOT);
        if (upper.length() != 18) {
            return false;
        }
        int sum = 0;
        int weight = 1;
        for (int i = 0; i < 18; i++) {
            int value = CREDIT_ALPHABET.indexOf(upper.charAt(i));
            if (value < 0) {
                return false;
            }
            if (i == 17) {
                return value == (31 - sum % 31) % 31;
            }
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        return false;
    }

    /** Producer code of the AIGC label: {@code 001}, {@code 1}, a social credit code, 5 characters. */
    public static boolean producerCode(String code) {
        return code.matches("0011[0-9A-Za-z]{23}") && socialCreditCode(code.substring(4, 22));
    }

    /** Luhn, ISO/IEC 7812-1 annex B. */
    public static boolean luhn(String digits) {
        if (!DIGITS.matcher(digits).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = digits.length() - 1, place = 0; i >= 0; i--, place++) {
            int digit = digits.charAt(i) - '0';
            int doubled = place % 2 == 1 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    /** International mobile equipment identity, 15 digits. */
    public static boolean imei(String digits) {
        return digits.length() == 15 && luhn(digits);
    }

    /** US national provider identifier, 10 digits. */
    public static boolean npi(String digits) {
        return digits.length() == 10 && luhn("80840" + digits);
    }

    /** ISO 13616: length of the country, ISO 7064 mod 97-10. */
    public static boolean iban(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        return upper.matches("[A-Z]{2}\\d{2}[A-Z0-9]{11,30}")
                && IBAN_LENGTHS.getOrDefault(upper.substring(0, 2), -1) == upper.length()
                && mod97(upper.substring(4) + upper.substring(0, 4)) == 1;
    }

    /** ISO 17442 legal entity identifier. */
    public static boolean lei(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        return upper.matches("[A-Z0-9]{18}\\d{2}") && mod97(upper) == 1;
    }

    private static int mod97(String alphanumeric) {
        int rest = 0;
        for (int i = 0; i < alphanumeric.length(); i++) {
            int value = Character.digit(alphanumeric.charAt(i), 36);
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
        }
        return rest;
    }

    /** Hong Kong identity card: 1 or 2 letters, 6 digits, check digit or A. */
    public static boolean hongKongId(String id) {
        String upper = id.toUpperCase(Locale.ROOT);
        if (!upper.matches("[A-Z]{1,2}\\d{6}[\\dA]")) {
            return false;
        }
        int letters = upper.length() - 7;
        int sum = letters == 1 ? 36 * 9 : letter(upper, 0) * 9;
        sum += letter(upper, letters - 1) * 8;
        for (int i = 0; i < 6; i++) {
            sum += (upper.charAt(letters + i) - '0') * (7 - i);
        }
        int check = (11 - sum % 11) % 11;
        return upper.charAt(upper.length() - 1) == (check == 10 ? 'A' : (char) ('0' + check));
    }

    private static int letter(String text, int i) {
        return text.charAt(i) - 'A' + 10;
    }

    /** Taiwan identity card or resident certificate of 2021: a letter and 9 digits. */
    public static boolean taiwanId(String id) {
        String upper = id.toUpperCase(Locale.ROOT);
        if (!upper.matches("[A-Z][1289]\\d{8}")) {
            return false;
        }
        int letter = TAIWAN_LETTERS[upper.charAt(0) - 'A'];
        int sum = letter / 10 * TAIWAN_WEIGHTS[0] + letter % 10 * TAIWAN_WEIGHTS[1];
        for (int i = 1; i < 10; i++) {
            sum += (upper.charAt(i) - '0') * TAIWAN_WEIGHTS[i + 1];
        }
        return sum % 10 == 0;
    }

    /** US social security number, 9 digits: ranges that were never issued fail. It has no check digit. */
    public static boolean socialSecurityNumber(String digits) {
        return digits.matches("\\d{9}")
                && !digits.startsWith("000")
                && !digits.startsWith("666")
                && digits.charAt(0) != '9'
                && !digits.startsWith("00", 3)
                && !digits.endsWith("0000");
    }

    /** US Drug Enforcement Administration number: 2 letters, 7 digits. */
    public static boolean dea(String text) {
        if (!text.matches("[A-Za-z]{2}\\d{7}")) {
            return false;
        }
        int[] d = text.substring(2).chars().map(c -> c - '0').toArray();
        return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6];
    }

    /** Vehicle identification number with the check character of 49 CFR 565, which not every market requires. */
    public static boolean vin(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (!upper.matches("[A-HJ-NPR-Z0-9]{17}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            char c = upper.charAt(i);
            sum += (c <= '9' ? c - '0' : VIN_LETTERS[c - 'A']) * VIN_WEIGHTS[i];
        }
        int check = sum % 11;
        return upper.charAt(8) == (check == 10 ? 'X' : (char) ('0' + check));
    }

    /** CAS registry number with its hyphens. */
    public static boolean cas(String text) {
        if (!text.matches("\\d{2,7}-\\d{2}-\\d")) {
            return false;
        }
        String digits = text.replace("-", "");
        int sum = 0;
        for (int i = digits.length() - 2, position = 1; i >= 0; i--, position++) {
            sum += position * (digits.charAt(i) - '0');
        }
        return sum % 10 == digits.charAt(digits.length() - 1) - '0';
    }
}

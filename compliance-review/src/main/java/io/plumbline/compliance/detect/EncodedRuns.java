package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Step 9 of the normaliser: base64, hexadecimal and URL encoding, at most two levels. What is not text stays closed. */
public final class EncodedRuns {
    private static final int LEVELS = 2;
    private static final double PRINTABLE = 0.95;

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{16,}(?:\\r?\\n[A-Za-z0-9+/_-]+)*={0,2}");
    private static final Pattern HEX = Pattern.compile("(?:0x)?[0-9A-Fa-f]{2}(?:[ :]?[0-9A-Fa-f]{2}){9,}");
    private static final Pattern URL = Pattern.compile("[A-Za-z0-9._~+/=-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~+/=-]*){3,}");

    private EncodedRuns() {}

    /** Every decodable run of a sentence, outermost level first. */
    public static List<Decoded> in(Sentence sentence) {
        String text = sentence.view(View.EXACT);
        List<Decoded> all = new ArrayList<>();
        for (Pattern pattern : List.of(BASE64, HEX, URL)) {
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                Match at = sentence.match(View.EXACT, matcher.start(), matcher.end());
                Match source = new Match(at.start(), at.end(), at.steps() | NormalisationStep.DECODED.bit());
                decode(matcher.group(), 1).forEach(plain -> all.add(new Decoded(plain, source)));
            }
        }
        return all;
    }

    /** All texts that the run hides, down to the last level. */
    private static Set<String> decode(String run, int level) {
        Set<String> texts = new LinkedHashSet<>();
        decodings(run).forEach(plain -> {
            texts.add(plain);
            if (level < LEVELS) {
                for (Pattern pattern : List.of(BASE64, HEX, URL)) {
                    Matcher inner = pattern.matcher(plain);
                    while (inner.find()) {
                        texts.addAll(decode(inner.group(), level + 1));
                    }
                }
            }
        });
        return texts;
    }

    private static List<String> decodings(String run) {
        List<String> texts = new ArrayList<>();
        if (HEX.matches(run)) {
            String digits = run.startsWith("0x") ? run.substring(2) : run;
            text(HexFormat.of().parseHex(digits.replaceAll("[ :]", ""))).ifPresent(texts::add);
        }
        if (run.indexOf('%') >= 0) {
            percent(run).ifPresent(texts::add);
        } else {
            base64(run).ifPresent(texts::add);
        }
        return texts;
    }

    private static Optional<String> percent(String run) {
        try {
            String plain = URLDecoder.decode(run, StandardCharsets.UTF_8);
            return readable(plain) ? Optional.of(plain) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> base64(String run) {
        String body = run.replaceAll("[\\r\\n=]", "").replace('-', '+').replace('_', '/');
        if (body.length() % 4 == 1) {
            return Optional.empty();
        }
        try {
            return text(Base64.getDecoder().decode(body));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            String plain = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return readable(plain) ? Optional.of(plain) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean readable(String plain) {
        long printable = plain.codePoints()
                .filter(c ->
                        c == '\n' || c == '\r' || c == '\t' || !(Character.isISOControl(c) || !Character.isDefined(c)))
                .count();
        return !plain.isBlank() && printable >= PRINTABLE * plain.codePointCount(0, plain.length());
    }
}

package io.plumbline.inference.grammar.regex;

import io.plumbline.inference.grammar.CodePoints;
import java.util.Optional;

/** The named classes of characters, so chosen that Java and ECMAScript both agree with every match. */
final class CharacterClasses {
    static final CodePoints DIGIT = CodePoints.range('0', '9');
    static final CodePoints WORD =
            DIGIT.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.of("_"));
    static final CodePoints SPACE = CodePoints.of(" \t\n\u000B\f\r");
    /** Everything but the ends of lines of both dialects. */
    static final CodePoints ANY = CodePoints.of("\n\r\u0085\u2028\u2029").complement();

    private static final CodePoints UNICODE_SPACE = SPACE.or(
                    CodePoints.of("\u00A0\u1680\u202F\u205F\u3000\uFEFF\u2028\u2029"))
            .or(CodePoints.range(0x2000, 0x200A));

    private CharacterClasses() {}

    /** The class of an escape such as {@code \d}. */
    static Optional<CodePoints> named(int letter) {
        return Optional.ofNullable(
                switch (letter) {
                    case 'd' -> DIGIT;
                    case 'D' -> DIGIT.complement();
                    case 'w' -> WORD;
                    case 'W' -> WORD.complement();
                    case 's' -> SPACE;
                    case 'S' -> UNICODE_SPACE.complement();
                    default -> null;
                });
    }
}

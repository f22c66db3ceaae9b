package io.plumbline.compliance.detect;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.Transliterator;
import com.ibm.icu.text.UnicodeSet;
import java.util.HashMap;
import java.util.Map;

/** Per-character tables of the normaliser, built once from the data of ICU. All are 1:1 in the basic plane. */
final class CharacterTables {
    private static final char[] SIMPLIFIED = simplified();
    private static final char[] LATIN = latin();

    private CharacterTables() {}

    /** The simplified form of a Chinese character; other characters unchanged. */
    static char simplify(char c) {
        return SIMPLIFIED[c];
    }

    /** The Latin letter that a letter of another script looks like; other characters unchanged. */
    static char latinLookalike(char c) {
        return LATIN[c];
    }

    /** The ASCII digit of a Chinese numeral (plain and financial forms); other characters unchanged. */
    static char digit(char c) {
        return switch (c) {
            case '〇', '零', '○' -> '0';
            case '一', '壹', '幺' -> '1';
            case '二', '贰', '貳' -> '2';
            case '三', '叁', '參' -> '3';
            case '四', '肆' -> '4';
            case '五', '伍' -> '5';
            case '六', '陆', '陸' -> '6';
            case '七', '柒' -> '7';
            case '八', '捌' -> '8';
            case '九', '玖' -> '9';
            default -> c;
        };
    }

    /**
     * Whether a character has no width of its own and can hide text: zero-width and joining characters,
     * bidirectional controls, blank fillers, tag characters.
     */
    static boolean invisible(int codePoint) {
        return switch (codePoint) {
            case 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0 -> true;
            default ->
                (codePoint >= 0x200B && codePoint <= 0x200F)
                        || (codePoint >= 0x202A && codePoint <= 0x202E)
                        || (codePoint >= 0x2060 && codePoint <= 0x206F)
                        || (codePoint >= 0xE0000 && codePoint <= 0xE007F);
        };
    }

    static boolean isHan(int codePoint) {
        return (codePoint >= 0x4E00 && codePoint <= 0x9FFF)
                || (codePoint >= 0x3400 && codePoint <= 0x4DBF)
                || (codePoint >= 0x20000 && codePoint <= 0x323AF);
    }

    private static char[] identity() {
        char[] table = new char[1 << 16];
        for (int i = 0; i < table.length; i++) {
            table[i] = (char) i;
        }
        return table;
    }

    private static char[] simplified() {
        char[] table = identity();
        var all = new StringBuilder();
        for (char c = 0x4E00; c <= 0x9FFF; c++) {
            all.append(c).append('\n');
        }
        String[] results = Transliterator.getInstance("Traditional-Simplified")
                .transliterate(all.toString())
                .split("\n", -1);
        for (char c = 0x4E00; c <= 0x9FFF; c++) {
            String simple = results[c - 0x4E00];
            if (simple.length() == 1) {
                table[c] = simple.charAt(0);
            }
        }
        return table;
    }

    private static char[] latin() {
        char[] table = identity();
        SpoofChecker checker =
                new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();
        Map<String, Character> bySkeleton = new HashMap<>();
        for (char letter = 'a'; letter <= 'z'; letter++) {
            // Upper case first: where both cases share a skeleton (c, o, s…) the lower-case letter wins.
            bySkeleton.put(
                    checker.getSkeleton(String.valueOf(Character.toUpperCase(letter))), Character.toUpperCase(letter));
        }
        for (char letter = 'a'; letter <= 'z'; letter++) {
            bySkeleton.put(checker.getSkeleton(String.valueOf(letter)), letter);
        }
        var others =
                new UnicodeSet("[[\\p{L}] & [[:Cyrl:][:Grek:][:Armn:][:Cher:][:Copt:][:Lisu:]] & [\\u0000-\\uFFFF]]");
        for (UnicodeSet.EntryRange range : others.ranges()) {
            for (int c = range.codepoint; c <= range.codepointEnd; c++) {
                Character latin = bySkeleton.get(checker.getSkeleton(UCharacter.toString(c)));
                if (latin != null && UScript.getScript(c) != UScript.LATIN) {
                    table[c] = latin;
                }
            }
        }
        return table;
    }
}

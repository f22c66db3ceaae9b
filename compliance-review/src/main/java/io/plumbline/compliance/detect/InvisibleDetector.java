package io.plumbline.compliance.detect;

import java.util.ArrayList;
import java.util.List;

/**
 * Zero-width, bidirectional-control and tag characters that can hide text. Emoji joiners, flags made of tag characters,
 * joiners of scripts that need them and direction marks beside right-to-left letters are left alone.
 */
final class InvisibleDetector implements Detector {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int BLACK_FLAG = 0x1F3F4;
    private static final int CANCEL_TAG = 0xE007F;

    @Override
    public String id() {
        return "rx:invisible";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        String text = sentence.raw();
        List<Match> matches = new ArrayList<>();
        int runStart = -1;
        for (int i = 0; i <= text.length(); ) {
            int codePoint = i < text.length() ? text.codePointAt(i) : 'x';
            boolean hides =
                    i < text.length() && CharacterTables.invisible(codePoint) && !legitimate(text, i, codePoint);
            if (hides && runStart < 0) {
                runStart = i;
            } else if (!hides && runStart >= 0) {
                int steps = NormalisationStep.INVISIBLE.bit();
                matches.add(new Match(sentence.start() + runStart, sentence.start() + i, steps));
                runStart = -1;
            }
            i += Character.charCount(codePoint);
        }
        return matches;
    }

    private static boolean legitimate(String text, int at, int codePoint) {
        int before = at > 0 ? text.codePointBefore(at) : -1;
        int next = at + Character.charCount(codePoint);
        int after = next < text.length() ? text.codePointAt(next) : -1;
        if (codePoint >= 0xE0000) {
            return flag(text, at);
        }
        if (codePoint == ZERO_WIDTH_JOINER || codePoint == ZERO_WIDTH_NON_JOINER) {
            boolean emoji = codePoint == ZERO_WIDTH_JOINER && emoji(before) && emoji(after);
            return emoji || (joining(before) && (joining(after) || after == -1 || after == ' '));
        }
        boolean mark = codePoint == 0x200E
                || codePoint == 0x200F
                || codePoint == 0x061C
                || (codePoint >= 0x2066 && codePoint <= 0x2069);
        return mark && (rightToLeft(before) || rightToLeft(after));
    }

    /** A flag is the black flag, tag letters and the cancel tag (Unicode UTS 51, emoji tag sequence). */
    private static boolean flag(String text, int at) {
        int start = at;
        while (start >= 2 && tag(text.codePointBefore(start))) {
            start -= 2;
        }
        int end = at;
        int last = -1;
        while (end < text.length() && tag(text.codePointAt(end)) && last != CANCEL_TAG) {
            last = text.codePointAt(end);
            end += 2;
        }
        int length = (end - start) / 2;
        return start >= 2 && text.codePointBefore(start) == BLACK_FLAG && last == CANCEL_TAG && length <= 7;
    }

    private static boolean tag(int codePoint) {
        return codePoint >= 0xE0020 && codePoint <= CANCEL_TAG;
    }

    private static boolean emoji(int codePoint) {
        return codePoint == 0xFE0F || (codePoint > 0 && Character.isEmoji(codePoint));
    }

    private static boolean rightToLeft(int codePoint) {
        byte direction = codePoint < 0 ? Character.DIRECTIONALITY_UNDEFINED : Character.getDirectionality(codePoint);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** Scripts in which a joiner changes the shape of letters: Arabic, Syriac, Mongolian and those of India. */
    private static boolean joining(int codePoint) {
        return rightToLeft(codePoint)
                || (codePoint >= 0x0900 && codePoint <= 0x0DFF)
                || (codePoint >= 0x1800 && codePoint <= 0x18AF);
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}

package io.plumbline.compliance.screen;

import io.plumbline.compliance.rule.Bilingual;
import java.util.function.Function;

/** In which of the two languages words are added to a text. */
final class Language {
    private Language() {}

    /** Chinese if the text, or where it has no letters the dialogue, holds more Chinese characters than a third of its letters. */
    static Function<Bilingual, String> of(String text, String dialogue) {
        boolean speaks = text.codePoints().anyMatch(Character::isLetter);
        return chinese(speaks ? text : dialogue) ? Bilingual::zh : Bilingual::en;
    }

    private static boolean chinese(String text) {
        long letters = text.codePoints().filter(Character::isLetter).count();
        long han = text.codePoints().filter(Character::isIdeographic).count();
        return han * 3 > letters;
    }
}

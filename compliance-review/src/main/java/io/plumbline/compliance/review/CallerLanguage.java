package io.plumbline.compliance.review;

import io.plumbline.compliance.rule.Bilingual;

/** The language in which the caller asked. */
public enum CallerLanguage {
    ZH,
    EN;

    /** Chinese if the question has a Chinese character. */
    public static CallerLanguage of(String question) {
        return question.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN)
                ? ZH
                : EN;
    }

    public String choose(Bilingual text) {
        return switch (this) {
            case ZH -> text.zh();
            case EN -> text.en();
        };
    }
}

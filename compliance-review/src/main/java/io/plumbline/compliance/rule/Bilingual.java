package io.plumbline.compliance.rule;

/** The same text in both languages of the product. */
public record Bilingual(String zh, String en) {
    public Bilingual {
        if (zh.isBlank() || en.isBlank()) {
            throw new IllegalArgumentException("a text is needed in both zh and en");
        }
    }
}

package io.plumbline.console.i18n;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences that services write down in English, such as the reason why a line is refused or an event of a job, in the
 * language of the page. {@code console/i18n/sentences_en.properties} has them as the services write them, with
 * <code>{0}</code> where they vary; what stands for a variable may be such a sentence itself. One that is not known is
 * shown as it is.
 */
public final class Sentences {
    private static final Pattern VARIABLE = Pattern.compile("\\{([0-9])}");
    private static final int DEEPEST = 3;
    private static final List<Known> KNOWN = known();

    private Sentences() {}

    /**
     * One kind of sentence.
     *
     * @param variables their numbers in the order of the groups
     */
    private record Known(String key, Pattern pattern, List<Integer> variables, int literals) {}

    /** The sentence as the person reads it. */
    public static String inPageLanguage(String sentence) {
        Locale language = Languages.current();
        return language.equals(Languages.ENGLISH) ? sentence : in(language, sentence);
    }

    /** The sentence in a language of the console. */
    public static String in(Locale language, String sentence) {
        return translated(language, sentence, 0).orElse(sentence);
    }

    /**
     * Whether a sentence is of one kind.
     *
     * @param key of the bundle
     */
    public static boolean matches(String key, String sentence) {
        return KNOWN.stream()
                .filter(known -> known.key().equals(key))
                .anyMatch(known -> known.pattern().matcher(sentence).matches());
    }

    private static Optional<String> translated(Locale language, String sentence, int depth) {
        for (Known known : KNOWN) {
            Matcher matcher = known.pattern().matcher(sentence);
            if (matcher.matches()) {
                return Translations.pattern(known.key(), language)
                        .map(text -> fill(text, known, matcher, language, depth));
            }
        }
        return Optional.empty();
    }

    private static String fill(String text, Known known, Matcher found, Locale language, int depth) {
        return VARIABLE.matcher(text).replaceAll(variable -> {
            int group = known.variables().indexOf(Integer.parseInt(variable.group(1))) + 1;
            String value = found.group(group);
            String shown =
                    depth < DEEPEST ? translated(language, value, depth + 1).orElse(value) : value;
            return Matcher.quoteReplacement(shown);
        });
    }

    /** Those with the most fixed text first, so that the general ones do not hide the special ones. */
    private static List<Known> known() {
        ResourceBundle english = ResourceBundle.getBundle("console.i18n.sentences_en", Locale.ROOT);
        return english.keySet().stream()
                .map(key -> compile(key, english.getString(key)))
                .sorted(Comparator.comparingInt(Known::literals).reversed().thenComparing(Known::key))
                .toList();
    }

    private static Known compile(String key, String text) {
        StringBuilder pattern = new StringBuilder();
        List<Integer> variables = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(text);
        int from = 0;
        while (matcher.find()) {
            pattern.append(Pattern.quote(text.substring(from, matcher.start()))).append("(.*?)");
            variables.add(Integer.parseInt(matcher.group(1)));
            from = matcher.end();
        }
        pattern.append(Pattern.quote(text.substring(from)));
        int literals = text.length() - 3 * variables.size();
        return new Known(key, Pattern.compile(pattern.toString(), Pattern.DOTALL), List.copyOf(variables), literals);
    }
}

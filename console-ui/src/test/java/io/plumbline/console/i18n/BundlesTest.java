package io.plumbline.console.i18n;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.identity.Scope;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Both languages say everything, and say nothing that no page shows. */
class BundlesTest {
    private static final Path BUNDLES = Path.of("src/main/resources/console/i18n");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path ERRORS = Path.of("../platform-api/src/main/java/io/plumbline/platform/error");

    /** A key in full where a text is asked for. */
    private static final Pattern ASKED =
            Pattern.compile("\\b(?:text|said)\\(\\s*\"([^\"]+)\"\\s*[,)]|\\btitle = \"([a-z0-9_.-]+)\"");

    private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-z0-9_-]*\\.[a-z0-9_.-]*)\"");

    /** Codes that the error mapper writes out. */
    private static final Pattern CODE = Pattern.compile("\"([a-z]+(?:_[a-z]+)+|forbidden)\"");

    /** Read as a whole: English sentences of the platform and their Chinese, as {@code SentencesTest} checks. */
    private static final String SENTENCES = "sentences.";

    private static Map<String, String> texts(String language) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(BUNDLES)) {
            for (Path file : files.filter(path -> path.toString().endsWith("_" + language + ".properties"))
                    .toList()) {
                String prefix = file.getFileName().toString().replaceFirst("_.*", "") + ".";
                Properties texts = new Properties();
                try (Reader reader = Files.newBufferedReader(file)) {
                    texts.load(reader);
                }
                texts.forEach((key, text) -> {
                    assertThat((String) key).as(file.toString()).startsWith(prefix);
                    all.put((String) key, (String) text);
                });
            }
        }
        return all;
    }

    private static String sources(Path root) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(BundlesTest::firstGroup).collect(toCollection(TreeSet::new));
    }

    private static String firstGroup(MatchResult match) {
        for (int group = 1; group < match.groupCount(); group++) {
            if (match.group(group) != null) {
                return match.group(group);
            }
        }
        return match.group(match.groupCount());
    }

    @Test
    void bothLanguagesHaveTheSameKeys() throws IOException {
        assertThat(texts("zh").keySet()).isEqualTo(texts("en").keySet());
    }

    @Test
    void everyKeyThatIsAskedForExists() throws IOException {
        Set<String> asked = found(ASKED, sources(SOURCES));

        assertThat(asked).hasSizeGreaterThan(100);
        assertThat(texts("en").keySet()).containsAll(asked);
    }

    @Test
    void everyKeyIsAskedForSomewhere() throws IOException {
        Set<String> literals = found(LITERAL, sources(SOURCES));
        List<String> beginnings =
                literals.stream().filter(literal -> literal.endsWith(".")).toList();

        assertThat(texts("en").keySet())
                .filteredOn(key -> !key.startsWith(SENTENCES))
                .filteredOn(key -> !literals.contains(key))
                .filteredOn(key -> beginnings.stream().noneMatch(key::startsWith))
                .isEmpty();
    }

    @Test
    void patternsAreWellFormedAndTakeTheSameParameters() throws IOException {
        Map<String, String> english = texts("en");
        Pattern parameter = Pattern.compile("\\{(\\d+)");
        texts("zh").forEach((key, chinese) -> {
            assertThat(chinese).as(key).isNotBlank();
            String other = english.getOrDefault(key, "");
            if (key.startsWith(SENTENCES)) {
                return;
            }
            if (key.startsWith("errors.")) {
                assertThatCode(() -> new MessageFormat(chinese)).as(key).doesNotThrowAnyException();
                return; // whether the API's message is shown is each language's own matter
            }
            assertThat(found(parameter, chinese)).as(key).isEqualTo(found(parameter, other));
        });
    }

    @Test
    void withParametersAnApostropheIsDoubled() throws IOException {
        for (String language : List.of("en", "zh")) {
            texts(language).forEach((key, text) -> {
                if (text.contains("{0}") && !key.startsWith(SENTENCES)) {
                    assertThat(text.replace("''", "")).as(key).doesNotContain("'");
                }
            });
        }
    }

    @Test
    void chineseIsChinese() throws IOException {
        Pattern han = Pattern.compile("\\p{IsHan}");
        // Names and terms of one or two words may stand as they are; a sentence may not.
        Pattern sentence = Pattern.compile("[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}");

        assertThat(texts("zh")).allSatisfy((key, text) -> assertThat(
                        han.matcher(text).find() || !sentence.matcher(text).find())
                .as("%s=%s", key, text)
                .isTrue());
    }

    @Test
    void everyErrorOfThePlatformHasATextInBothLanguages() throws IOException {
        Set<String> codes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.plumbline.platform").stream()
                        .filter(type -> type.isAnnotatedWith(AnswersWith.class))
                        .map(type -> type.getAnnotationOfType(AnswersWith.class).code())
                        .collect(toCollection(TreeSet::new));
        for (String mapping : List.of("LibraryFailures", "HttpStatusAnswer", "ErrorMapper")) {
            codes.addAll(found(CODE, Files.readString(ERRORS.resolve(mapping + ".java"))));
        }

        for (String language : List.of("en", "zh")) {
            Map<String, String> texts = texts(language);
            assertThat(codes).as(language).hasSizeGreaterThan(30).allSatisfy(code -> assertThat(texts)
                    .containsKey("errors." + code));
            assertThat(texts.keySet().stream()
                            .filter(key -> key.startsWith("errors."))
                            .map(key -> key.substring("errors.".length())))
                    .as("%s has no text for an error that does not exist", language)
                    .allSatisfy(code -> assertThat(codes).contains(code));
        }
    }

    @Test
    void everyScopeAndRoleHasASentence() throws IOException {
        Set<String> keys = texts("en").keySet();
        for (Scope scope : Scope.values()) {
            assertThat(keys).contains("access.scope." + scope.name().toLowerCase(Locale.ROOT));
        }
        for (Role role : Role.values()) {
            assertThat(keys).contains("access.role." + role.wireName(), "access.role_about." + role.wireName());
        }
    }
}

package io.plumbline.inference.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.tokenizer.TextGoldenSuite;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2031-05-07T08:09:10Z"), ZoneOffset.UTC);

    private static String render(String source) {
        return ChatTemplate.of(source)
                .render(
                        Map.of("n", 7, "s", "héllo", "list", List.of(3, 1, 2), "map", Map.of("k", "v"), "f", 0.5),
                        CLOCK);
    }

    @Test
    void rendersEveryRecordedCaseAsJinjaDoes() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(ChatTemplateTest.class.getResource("/golden/real"))
                .toURI());
        List<GoldenResult> results = new ArrayList<>();
        new TextGoldenSuite().run(folder, new GoldenOptions(folder, "auto", Map.of()), results::add);
        results.removeIf(result -> result.outcome() instanceof Outcome.Refused); // tokens need the model's file
        assertThat(results).hasSize(45).allSatisfy(result -> assertThat(result.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Compared.class, c -> assertThat(c.passed()).isTrue()));
    }

    /** Expected texts by Jinja 3.1. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }} → '3 -4 2 3.5 1024'",
                "{{ 'x' + 2 ~ 3 }} {{ 'a' ~ 1 }} → 'x23 a1'",
                "{{ s[0] }}{{ s[-1] }}{{ s[1:3] }}{{ s[::-1] }}{{ s | length }} → 'hoélolléh5'",
                "{{ list[:2] }} {{ list[5] }}| {{ list[-1] }} → '[3, 1] | 2'",
                "{{ [1, 'a', none, true, 1.0, {'k': [2]}] }} → '[1, ''a'', None, True, 1.0, {''k'': [2]}]'",
                "{{ {'k': 'é\"<', 'l': [1, 2.5, null], 'm': {}} | tojson }} → x",
                "{{ list | sort | join('-') }} {{ list | max }} {{ list | sum }} → '1-2-3 3 6'",
                "{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ not 1 in list }} {{ 9 not in list }} → 'True False False True'",
                "{{ 'x' if n == 8 }}|{{ 'y' if n == 7 else 'z' }} → '|y'",
                "{{ unknown }}|{{ unknown is defined }}|{{ unknown | default('d') }} → '|False|d'",
                "{{ '' | default('d') }}|{{ '' | default('d', true) }} → '|d'",
                "{{ map.k }}{{ map['k'] }}{{ map.get('x', 1) }}{{ map.items() | list }} → 'vv1[[''k'', ''v'']]'",
                "{% for i in list if i > 1 %}{{ loop.index }}/{{ loop.length }}:{{ i }} {% else %}no{% endfor %} → '1/2:3 2/2:2 '",
                "{% for i in [] %}x{% else %}none{% endfor %} → 'none'",
                "{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %} → '023'",
                "{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }} → '1'",
                "{% set ns = namespace(x=1) %}{% for i in [1] %}{% set ns.x = 2 %}{% endfor %}{{ ns.x }} → '2'",
                "{% macro m(a, b='B') %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, b=2) }} → '1B12'",
                "{% set t %}<{{ n }}>{% endset %}{{ t }}{% filter upper %}abc{% endfilter %} → '<7>ABC'",
                "{% set a, b = [1, 2] %}{{ b }}{{ a }} → '21'",
                "{{ ' a b ' | trim }}|{{ 'a,b,c'.split(',', 1) }} → 'a b|[''a'', ''b,c'']'",
                "{{ 'aXbX'.replace('X', '-') }}{{ 'abc'.startswith('ab') }} → 'a-b-True'",
                "{{ strftime_now('%d %b %Y %-d %H:%M') }} → '07 May 2031 7 08:09'",
                "{% raw %}{{ n }}{% endraw %}{# gone #} → '{{ n }}'",
                "{% generation %}a{% endgeneration %} → 'a'",
                "{{ 1e16 }} {{ 0.1 }} {{ 1e-5 }} {{ 100.0 }} → '1e+16 0.1 1e-05 100.0'",
                "{{ 'a' 'b' }}{{ '\\n' | tojson }}{{ 'it\\'s' }} → 'ab\"\\n\"it''s'",
            })
    void meansWhatJinjaMeans(String source, String expected) {
        if (expected.equals("x")) {
            assertThat(render("{{ {'k': 'é\"<', 'l': [1, 2.5, none], 'm': {}} | tojson }}"))
                    .isEqualTo("{\"k\": \"é\\\"<\", \"l\": [1, 2.5, null], \"m\": {}}");
            return;
        }
        assertThat(render(source)).isEqualTo(expected);
    }

    @Test
    void whitespaceRules() {
        assertThat(render("a\n  {% if true %}\n  b\n  {% endif %}\nc\n")).isEqualTo("a\n  b\nc");
        assertThat(render("a \n {%- if true -%} \n b {%+ endif +%}\nc")).isEqualTo("ab \nc");
        assertThat(render("a\n {{- 1 -}} \n b")).isEqualTo("a1b");
        assertThat(render("  {# note #}\nx")).isEqualTo("x");
    }

    @Test
    void aMessageIsNeverReadAsATemplate() {
        String evil = "{{ 7 * 7 }}{% raw %}{# x #}";
        assertThat(ChatTemplate.of("{% for m in messages %}{{ m.content }}{% endfor %}")
                        .render(List.of(new ChatMessage("user", evil)), true, Map.of()))
                .isEqualTo(evil);
    }

    @Test
    void theTemplatesOwnRefusalIsTold() {
        assertThatThrownBy(() -> render("{{ raise_exception('no tools here') }}"))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.REFUSED))
                .hasMessage("no tools here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if %}",
                "{{ 1 +",
                "{{ 'abc }}",
                "{% endfor %}",
                "{% for x in y %}",
                "{% include 'x' %}",
                "{{ ) }}",
                "{# open",
                "{{ x | nofilter }}",
                "{{ x is notest }}",
                "{% break %}",
                "{{ 99999999999999999999 }}",
                "{% set x %}",
                "{{ f(a=1, 2) }}",
                "{% macro m( %}"
            })
    void wrongTemplatesAreSyntaxErrorsWithALine(String source) {
        assertThatThrownBy(() -> render("\n" + source)).isInstanceOfSatisfying(TemplateException.class, e -> {
            assertThat(e.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
            assertThat(e.line()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ s.unknown.member }}",
                "{{ unknown.member }}",
                "{{ n() }}",
                "{{ 1 / 0 }}",
                "{{ 'a' + 1 }}",
                "{{ 'a' < 1 }}",
                "{{ s.getClass() }}",
                "{{ list.append(4) }}",
                "{{ s.__class__.__mro__ }}",
                "{% set n.x = 1 %}",
                "{{ 9223372036854775807 + 1 }}",
                "{% set a, b = [1] %}",
                "{% for i in n %}{% endfor %}"
            })
    void operationsThatFailAreToldWithTheirLine(String source) {
        assertThatThrownBy(() -> render("\n" + source)).isInstanceOfSatisfying(TemplateException.class, e -> {
            assertThat(e.kind()).isEqualTo(TemplateException.Kind.EVALUATION);
            assertThat(e.line()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{{ range(9999999999) | list }}",
                "{{ 'x' * 999999999999 }}",
                "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = dict(a=ns.x, b=ns.x) %}{% endfor %}",
            })
    void hostileTemplatesAreStopped(String source) {
        assertThatThrownBy(() -> render(source))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.LIMIT));
    }

    @Test
    void endlessChainsAreStopped() {
        for (String link : List.of("+1", "~1", ".a", "|trim", " or 0", "[0]")) {
            String source = "{{ map" + link.repeat(200_000 / link.length()) + " }}";
            assertThatThrownBy(() -> render(source)).isInstanceOf(TemplateException.class);
        }
    }

    @Test
    void deepNestingIsASyntaxError() {
        assertThatThrownBy(() -> render("{{ " + "(".repeat(100_000) + " }}")).isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> render("{% if 1 %}".repeat(10_000))).isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> render("{{ " + "not ".repeat(10_000) + "1 }}")).isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> render("{{ " + "[".repeat(10_000) + " }}")).isInstanceOf(TemplateException.class);
    }
}

package io.plumbline.compliance.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code screen}: applies the rules to files, without the platform. */
@Command(
        name = "screen",
        mixinStandardHelpOptions = true,
        description = "Screens texts with the compliance rules and prints verdicts and what would be released.",
        exitCodeOnExecutionException = ScreenCommand.FAILED,
        footer = {
            "",
            "A text file is one text. A .jsonl file (or --jsonl) holds one object per line with 'text' or 'messages';",
            "other members that are text, or a 'metadata' object, become metadata.",
            "Verdicts show where a span is, never the span, unless --show is given.",
            "",
            "Exit code: 0 everything may be released (perhaps changed), 1 something was withheld, 2 wrong usage or input,",
            "3 the command itself failed."
        })
// Picocli sets the options before it calls the command.
@SuppressWarnings("NullAway.Init")
public final class ScreenCommand implements Callable<Integer> {
    static final int RELEASED = 0;
    static final int WITHHELD = 1;
    static final int FAILED = 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stage",
            defaultValue = "O",
            description =
                    "I input, O answer, S streamed answer, R retrieved, M export, D data (default: ${DEFAULT-VALUE})")
    private String stage;

    @Option(names = "--packs", split = ",", description = "domains, jurisdictions or rule ids, such as MED,CN")
    private Set<String> packs = new LinkedHashSet<>();

    @Option(
            names = "--audience",
            defaultValue = "public",
            description = "public or professional (default: ${DEFAULT-VALUE})")
    private String audience;

    @Option(names = "--tenant", defaultValue = "local", description = "tenant id (default: ${DEFAULT-VALUE})")
    private String tenant;

    @Option(names = "--meta", description = "metadata for the rules, repeatable", paramLabel = "KEY=VALUE")
    private Map<String, String> metadata = new LinkedHashMap<>();

    @Option(names = "--dialogue", defaultValue = "", description = "what was said before the text")
    private String dialogue;

    @Option(names = "--jsonl", description = "read every file as JSON lines")
    private boolean jsonLines;

    @Option(names = "--json", description = "print one JSON object per text")
    private boolean json;

    @Option(names = "--show", description = "also print the matched text")
    private boolean show;

    @Option(names = "--list", description = "list the rules (those of --packs, if given) and end")
    private boolean list;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "files, or - for standard input")
    private List<String> files = new ArrayList<>();

    private final Screener screener;

    ScreenCommand(Screener screener) {
        this.screener = screener;
    }

    /** Ends with the exit code that {@code --help} explains. */
    public static void main(String[] args) {
        // Verdicts are UTF-8 whatever the terminal's locale says, so that pipes keep Chinese text.
        var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        System.exit(run(out, err, args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new ScreenCommand(Screeners.standard()))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println("screen: " + failure.getMessage());
                    return failure instanceof BadInput
                            ? command.getCommandSpec().exitCodeOnInvalidInput()
                            : FAILED;
                })
                .execute(args);
    }

    /** Input that cannot be read, with the remedy. */
    private static final class BadInput extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadInput(String message) {
            super(message);
        }
    }

    /** One text to screen and where it came from. */
    private record Item(String source, String text, String dialogue, Map<String, String> metadata) {}

    @Override
    public Integer call() throws IOException {
        ScreenContext context = context();
        if (list) {
            rules(context).forEach(this::print);
            return RELEASED;
        }
        if (files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name at least one FILE, or - for standard input");
        }
        Stage at = stage();
        int code = RELEASED;
        for (String file : files) {
            for (Item item : items(file)) {
                ScreenContext its =
                        context.with(item.metadata()).following(item.dialogue().isEmpty() ? dialogue : item.dialogue());
                Screened screened = at == Stage.STREAM
                        ? screener.screenAnswer(its, List.of(), item.text())
                        : screener.screen(its, at, item.text());
                print(item, screened);
                code = screened.withheld() ? WITHHELD : code;
            }
        }
        return code;
    }

    private List<Rule> rules(ScreenContext context) {
        Set<String> every = Set.of("GEN", "PRI", "SEC", "MED", "FIN", "IND", "LBL", "TRN");
        return screener.rules(
                packs.isEmpty() ? new ScreenContext(context.tenant(), every, Audience.PUBLIC, Map.of()) : context);
    }

    private ScreenContext context() {
        try {
            Audience who = Audience.valueOf(audience.toUpperCase(Locale.ROOT));
            return new ScreenContext(TenantId.of(tenant), packs, who, metadata, dialogue);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private Stage stage() {
        for (Stage candidate : Stage.values()) {
            if (stage.equalsIgnoreCase(String.valueOf(candidate.letter()))) {
                return candidate;
            }
        }
        throw new ParameterException(spec.commandLine(), "unknown stage '%s': one of I O S R M D".formatted(stage));
    }

    private List<Item> items(String file) throws IOException {
        String content = content(file);
        if (!jsonLines && !file.endsWith(".jsonl")) {
            return List.of(new Item(file, content, "", Map.of()));
        }
        List<Item> items = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : content.split("\n")) {
            number++;
            if (!line.isBlank()) {
                String source = file + ":" + number;
                try {
                    items.add(item(source, JSON.readTree(line)));
                } catch (JsonProcessingException e) {
                    problems.add(source + ": not a JSON object: " + e.getOriginalMessage());
                } catch (IllegalArgumentException e) {
                    problems.add(source + ": " + e.getMessage());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new BadInput("nothing was screened:\n" + String.join("\n", problems));
        }
        return items;
    }

    private static String content(String file) throws IOException {
        if (file.equals("-")) {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path path = Path.of(file);
        if (!Files.isRegularFile(path)) {
            throw new BadInput("no such file: " + file);
        }
        try {
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new BadInput(file + " is not UTF-8 text");
        }
    }

    /** A row with {@code text}, or with {@code messages}: the last one is screened, the others are the dialogue. */
    private static Item item(String source, JsonNode row) {
        Map<String, String> metadata = TrainingRows.metadata(row);
        if (row.path("text").isTextual()) {
            return new Item(
                    source, row.path("text").asText(), row.path("dialogue").asText(""), metadata);
        }
        List<String> messages = TrainingRows.messages(row);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("needs 'text' or a non-empty 'messages' list");
        }
        String before = String.join("\n\n", messages.subList(0, messages.size() - 1));
        return new Item(source, messages.getLast(), before, metadata);
    }

    private void print(Rule rule) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JSON.createObjectNode();
            node.put("rule", rule.reference())
                    .put("severity", rule.severity())
                    .put("action", rule.action().name());
            node.put("stages", stages(rule))
                    .put(
                            "packs",
                            String.join(
                                    ",", rule.scope().packs().stream().sorted().toList()));
            node.put("title_zh", rule.title().zh()).put("title_en", rule.title().en());
            out.println(node);
        } else {
            out.printf(
                    "%-10s  severity %d  %-8s  %-5s  %-12s  %s / %s%n",
                    rule.reference(),
                    rule.severity(),
                    rule.action(),
                    stages(rule),
                    String.join(",", rule.scope().packs().stream().sorted().toList()),
                    rule.title().en(),
                    rule.title().zh());
        }
    }

    private static String stages(Rule rule) {
        var letters = new StringBuilder();
        for (Stage candidate : Stage.values()) {
            if (rule.scope().stages().contains(candidate)) {
                letters.append(candidate.letter());
            }
        }
        return letters.toString();
    }

    private void print(Item item, Screened screened) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(object(item, screened));
            return;
        }
        out.printf("%s: %s%n", item.source(), screened.withheld() ? "withheld" : "released");
        for (Verdict verdict : screened.verdicts()) {
            String where = verdict.start() < 0 ? "whole text" : "[%d, %d)".formatted(verdict.start(), verdict.end());
            String path = verdict.normalisationPath().isEmpty() ? "" : " after " + verdict.normalisationPath();
            String why = verdict.abstained()
                    .map(reason -> " ABSTAINED (" + reason + ")")
                    .orElse("");
            out.printf(
                    "  %s  %s  severity %d  %s  %s%s%s%s%n",
                    verdict.rule(),
                    verdict.action(),
                    verdict.severity(),
                    verdict.detector(),
                    where,
                    path,
                    why,
                    shown(item, verdict));
        }
        screened.message().ifPresent(message -> out.printf("  message: %s / %s%n", message.en(), message.zh()));
        screened.notices()
                .forEach(notice ->
                        out.printf("  before the answer: %s%n", notice.text().replace("\n", "\n    ")));
        if (!screened.withheld()) {
            out.printf("  released: %s%n", screened.text().replace("\n", "\n    "));
        }
    }

    private String shown(Item item, Verdict verdict) {
        return show && verdict.start() >= 0
                ? "  \"" + item.text().substring(verdict.start(), verdict.end()) + "\""
                : "";
    }

    private ObjectNode object(Item item, Screened screened) {
        ObjectNode node = JSON.createObjectNode();
        node.put("source", item.source()).put("withheld", screened.withheld());
        node.put("action", screened.action().map(Enum::name).orElse("NONE")).put("text", screened.text());
        ArrayNode verdicts = node.putArray("verdicts");
        for (Verdict verdict : screened.verdicts()) {
            ObjectNode one = verdicts.addObject();
            one.put("rule", verdict.rule()).put("stage", verdict.stage().name()).put("severity", verdict.severity());
            one.put("action", verdict.action().name()).put("detector", verdict.detector());
            one.put("start", verdict.start()).put("end", verdict.end());
            one.put("normalisation_path", verdict.normalisationPath()).put("latency_us", verdict.latencyMicros());
            verdict.abstained().ifPresent(reason -> one.put("abstained", reason));
            if (show && verdict.start() >= 0) {
                one.put("span", item.text().substring(verdict.start(), verdict.end()));
            }
        }
        ArrayNode notices = node.putArray("notices");
        screened.notices().forEach(notice -> notices.add(notice.text()));
        screened.message()
                .ifPresent(message ->
                        node.putObject("message").put("zh", message.zh()).put("en", message.en()));
        node.put("rule_set", screener.ruleSet());
        return node;
    }
}

package io.plumbline.compliance.rule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compiles rule files into a bundle; all problems of all files are reported at once. */
public final class RuleCatalogue {
    /** Names of the rule files of this module. */
    public static final List<String> SHIPPED =
            List.of("general", "privacy", "security", "medical", "finance", "industrial", "labelling", "training-data");

    private static final YAMLMapper YAML = new YAMLMapper();

    private RuleCatalogue() {}

    /** The bundle that ships with this module. */
    public static RuleBundle shipped() {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : SHIPPED) {
            String file = name + ".yaml";
            files.put(file, resource("/compliance/rules/" + file));
        }
        return compile(files);
    }

    /**
     * Compiles files.
     *
     * @param files content by name
     * @throws InvalidRulesException with every problem
     */
    public static RuleBundle compile(Map<String, String> files) {
        List<String> problems = new ArrayList<>();
        List<CompiledRule> rules = new ArrayList<>();
        files.forEach((name, content) -> rules.addAll(read(name, content, problems)));
        Set<RuleId> seen = new HashSet<>();
        for (CompiledRule rule : rules) {
            if (!seen.add(rule.rule().id())) {
                problems.add("%s: id: stands twice".formatted(rule.rule().id()));
            }
        }
        if (rules.isEmpty() && problems.isEmpty()) {
            problems.add("no rules in " + files.keySet());
        }
        if (!problems.isEmpty()) {
            throw new InvalidRulesException(problems);
        }
        rules.sort(Comparator.comparing(rule -> rule.rule().id()));
        return new RuleBundle(hash(files), rules);
    }

    private static List<CompiledRule> read(String file, String content, List<String> problems) {
        JsonNode root;
        try {
            root = YAML.readTree(content);
        } catch (JsonProcessingException e) {
            problems.add("%s: line %d: not YAML: %s"
                    .formatted(
                            file, e.getLocation() == null ? 0 : e.getLocation().getLineNr(), e.getOriginalMessage()));
            return List.of();
        }
        new Fields(file, root, problems).only(Set.of("contexts", "rules"));
        Map<String, JsonNode> contexts = new TreeMap<>();
        root.path("contexts").properties().forEach(entry -> contexts.put(entry.getKey(), entry.getValue()));
        List<CompiledRule> rules = new ArrayList<>();
        int number = 0;
        for (JsonNode rule : root.path("rules")) {
            String path =
                    "%s: rules[%d] %s".formatted(file, number++, rule.path("id").asText("?"));
            new RuleReader(path, rule, contexts, problems).read().ifPresent(rules::add);
        }
        return rules;
    }

    private static String hash(Map<String, String> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(files).forEach((name, content) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(content.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static String resource(String path) {
        try (InputStream in = RuleCatalogue.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the rule file " + path + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.plumbline.inference.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what every backend found on this machine, for {@code ./plumbline doctor}. */
@Command(name = "backends", mixinStandardHelpOptions = true, description = "Lists kernel backends and what they found.")
public final class BackendsCommand implements Callable<Integer> {
    @Option(names = "--json", description = "one JSON array instead of lines")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BackendsCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            ArrayNode array = mapper.createArrayNode();
            Backends.probe().forEach(probed -> describe(probed, array.addObject()));
            out.println(mapper.writeValueAsString(array));
        } else {
            Backends.probe().forEach(probed -> out.println(line(probed)));
        }
        out.flush();
        return 0;
    }

    private static String line(ProbedBackend probed) {
        return switch (probed.availability()) {
            case Available(int score, String description) ->
                "%-10s available (score %d): %s".formatted(probed.name(), score, description);
            case Unavailable(String reason, String remedy) ->
                "%-10s not available: %s. Remedy: %s".formatted(probed.name(), reason, remedy);
        };
    }

    private static void describe(ProbedBackend probed, ObjectNode node) {
        node.put("name", probed.name());
        switch (probed.availability()) {
            case Available(int score, String description) ->
                node.put("available", true).put("score", score).put("description", description);
            case Unavailable(String reason, String remedy) ->
                node.put("available", false).put("reason", reason).put("remedy", remedy);
        }
    }
}

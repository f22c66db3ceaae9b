package io.plumbline.inference.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.tokenizer.template.TemplateException;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./plumbline generate}: runs a model on a prompt, without the platform. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Generates text with a model file and, if wanted, an adapter.")
public final class GenerateCommand implements Callable<Integer> {
    private static final TenantId TENANT = TenantId.of("local");

    @Option(names = "--model", required = true, paramLabel = "FILE", description = "GGUF file of the base model")
    private Path model = Path.of("");

    @Option(names = "--adapter", paramLabel = "DIR", description = "PEFT folder of a LoRA adapter")
    private @Nullable Path adapter;

    @ArgGroup(multiplicity = "1")
    private Input input = new Input();

    @Option(names = "--system", paramLabel = "TEXT", description = "system message; with --chat")
    private @Nullable String system;

    @ArgGroup(exclusive = false)
    private SamplingOptions sampling = new SamplingOptions();

    @Option(names = "--top-logprobs", paramLabel = "N", description = "alternatives per token; with --json")
    private int topLogprobs;

    @Option(names = "--backend", defaultValue = Backends.AUTO, description = "kernel backend (default: auto)")
    private String backend = Backends.AUTO;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the backend (default: all processors)")
    private int threads = BackendOptions.defaults().threads();

    @Option(
            names = "--kv",
            paramLabel = "PRECISION",
            converter = PrecisionConverter.class,
            description = "how keys and values are kept: float32 (default), or int8 for 3.5 times less memory")
    private KeyValuePrecision keyValues = KeyValuePrecision.FLOAT32;

    @Option(names = "--json", description = "print one JSON object instead of the text")
    private boolean json;

    /** What is continued: one of the two. */
    static final class Input {
        @Option(names = "--prompt", paramLabel = "TEXT", description = "text to continue")
        private @Nullable String prompt;

        @Option(names = "--chat", paramLabel = "TEXT", description = "user message, rendered by the chat template")
        private @Nullable String chat;
    }

    /** Reads {@code --kv}. */
    static final class PrecisionConverter implements CommandLine.ITypeConverter<KeyValuePrecision> {
        @Override
        public KeyValuePrecision convert(String value) {
            try {
                return KeyValuePrecision.named(value);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** How tokens are drawn. */
    static final class SamplingOptions {
        @Option(names = "--max-tokens", paramLabel = "N", description = "most tokens to generate (default: 256)")
        private int maxTokens = 256;

        @Option(names = "--temperature", paramLabel = "T", description = "0 = always the likeliest (default: 0)")
        private double temperature;

        @Option(names = "--top-k", paramLabel = "K", description = "0 = off (default)")
        private int topK;

        @Option(names = "--top-p", paramLabel = "P", description = "1 = off (default)")
        private double topP = 1;

        @Option(names = "--min-p", paramLabel = "P", description = "0 = off (default)")
        private double minP;

        @Option(names = "--repetition-penalty", paramLabel = "X", description = "1 = off (default)")
        private double repetitionPenalty = 1;

        @Option(names = "--seed", paramLabel = "N", description = "same seed, same answer (default: random)")
        private @Nullable Long seed;

        @Option(names = "--stop", paramLabel = "TEXT", description = "text that ends the answer; up to 4 times")
        private List<String> stop = new ArrayList<>();

        SamplingSettings settings() {
            OptionalLong fixed = seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
            return new SamplingSettings(temperature, topK, topP, minP, repetitionPenalty, 0, 0, Map.of(), fixed);
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new GenerateCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        try {
            generate(out);
            return CommandLine.ExitCode.OK;
        } catch (NoSuchFileException e) {
            return refuse("there is no file %s; give the path of an existing file".formatted(e.getFile()));
        } catch (IOException e) {
            return refuse("%s cannot be read: %s".formatted(model, e.getMessage()));
        } catch (BrokenModelFileException
                | UnsupportedModelException
                | KernelException
                | TemplateException
                | InferenceException
                | IllegalArgumentException e) {
            return refuse(String.valueOf(e.getMessage()));
        } finally {
            out.flush();
        }
    }

    private int refuse(String message) {
        System.err.println("generate: " + message.replace('\n', ' '));
        return CommandLine.ExitCode.SOFTWARE;
    }

    private void generate(PrintWriter out) throws IOException {
        long start = System.nanoTime();
        Optional<AdapterId> adapterId = Optional.ofNullable(adapter)
                .map(folder -> new AdapterId(
                        TENANT, folder.toAbsolutePath().normalize().toString()));
        String name = String.valueOf(model.getFileName());
        EngineLimits limits = EngineLimits.defaults().withKeyValuePrecision(keyValues);
        SamplingSettings settings = sampling.settings();
        try (ServedModel served = ServedModel.open(name, model, backend, new BackendOptions(threads), limits)) {
            if (adapter != null) {
                served.engine().loadAdapter(adapterId.orElseThrow(), PeftAdapterFolder.read(adapter));
            }
            double loadSeconds = seconds(start);
            EngineRequest request = EngineRequest.of(TENANT, served.prompts().encode(prompt()))
                    .withAdapter(adapterId)
                    .withSampling(settings)
                    .withMaxTokens(OptionalInt.of(sampling.maxTokens))
                    .withStop(sampling.stop)
                    .withTopLogprobs(OptionalInt.of(topLogprobs));
            PrintingListener listener = new PrintingListener(json ? null : out);
            served.engine().submit(request, listener);
            GeneratedAnswer answer = listener.await();
            if (json) {
                out.println(toJson(answer, request.prompt(), loadSeconds, served.backendDescription()));
            } else {
                out.println();
            }
        }
    }

    private Prompt prompt() {
        if (input.chat == null) {
            if (system != null) {
                throw new IllegalArgumentException("--system needs --chat: plain text has no turns");
            }
            return new Prompt.Text(String.valueOf(input.prompt));
        }
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(new ChatMessage("system", system));
        }
        messages.add(new ChatMessage("user", input.chat));
        return new Prompt.Chat(messages, Optional.empty());
    }

    private String toJson(GeneratedAnswer answer, int[] promptIds, double loadSeconds, String backendDescription) {
        JsonMapper mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("model", String.valueOf(model.getFileName()));
        root.put("backend", backendDescription);
        root.put("text", answer.text());
        root.put("finish_reason", answer.finished().reason().name().toLowerCase(java.util.Locale.ROOT));
        ArrayNode prompts = root.putArray("prompt_ids");
        for (int id : promptIds) {
            prompts.add(id);
        }
        ArrayNode ids = root.putArray("ids");
        ArrayNode logprobs = root.putArray("logprobs");
        for (TokenLogprob logprob : answer.logprobs()) {
            ids.add(logprob.token());
            ObjectNode entry = logprobs.addObject();
            entry.put("id", logprob.token());
            entry.put("logprob", logprob.logprob());
            if (topLogprobs > 0) {
                ArrayNode top = entry.putArray("top");
                logprob.top()
                        .forEach(alternative ->
                                top.addObject().put("id", alternative.token()).put("logprob", alternative.logprob()));
            }
        }
        ObjectNode timings = root.putObject("timings");
        timings.put("load_seconds", loadSeconds);
        timings.put("first_token_seconds", answer.firstTokenSeconds());
        timings.put("prompt_tokens_per_second", promptIds.length / answer.firstTokenSeconds());
        timings.put("tokens_per_second", answer.tokensPerSecond());
        return root.toString();
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}

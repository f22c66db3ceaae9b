package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.weights.pattern.ModuleName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftSettingsReaderTest {
    private static final Pattern LAYER = Pattern.compile("\\.?layers\\.(\\d+)\\.");

    private static PeftSettings read(String json) throws IOException {
        FaultList faults = new FaultList();
        PeftSettings settings = new PeftSettingsReader(
                        Path.of("adapter_config.json"), StrictJson.parse(json.getBytes(StandardCharsets.UTF_8)), faults)
                .read();
        faults.throwIfAny(Path.of("adapter"));
        return settings;
    }

    private static PeftSettings with(String more) throws IOException {
        return read("""
                {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"], %s}""".formatted(more));
    }

    /** Per module what PEFT's own functions say: whether it has a delta, its rank and its alpha. */
    @Test
    void selectsAndScalesModulesAsPeftDoes() throws IOException {
        JsonNode cases;
        try (InputStream file = Objects.requireNonNull(
                PeftSettingsReaderTest.class.getResourceAsStream("/weights/peft-selection.json"))) {
            cases = StrictJson.parse(file.readAllBytes());
        }
        for (JsonNode each : cases) {
            PeftSettings settings = read(each.path("settings").toString());
            each.path("modules").properties().forEach(entry -> {
                ModuleName module = new ModuleName(entry.getKey());
                Matcher layer = LAYER.matcher(entry.getKey());
                assertThat(layer.find()).isTrue();
                String which = entry.getKey() + " of " + each.path("settings");
                assertThat(settings.misplaced(module, Integer.parseInt(layer.group(1)))
                                .isEmpty())
                        .as(which)
                        .isEqualTo(entry.getValue().get(0).asBoolean());
                assertThat(settings.rank(module).orElseThrow())
                        .as("rank of " + which)
                        .isEqualTo(entry.getValue().get(1).asInt());
                assertThat(settings.alphas().orElseThrow().of(module))
                        .as("alpha of " + which)
                        .isEqualTo(entry.getValue().get(2).asDouble());
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"use_dora\": true | 'use_dora' is in use | merge it into a model",
                "\"lora_bias\": true | 'lora_bias' is in use | merge it into a model",
                "\"modules_to_save\": [\"lm_head\"] | 'modules_to_save' is in use | linear layers of the decoder blocks",
                "\"layer_replication\": [[0, 2]] | 'layer_replication' is in use | Merge the adapter",
                "\"alora_invocation_tokens\": [1] | 'alora_invocation_tokens' is in use | acts on every token",
                "\"kasa_config\": {\"beta\": 1} | 'kasa_config' is in use | plain LoRA",
                "\"some_day\": 3 | 'some_day' is in use, which is not known | remove it from the file",
                "\"bias\": \"some\" | bias is none of none, all, lora_only | Export",
                "\"init_lora_weights\": \"pissa_niter_16\" | changed weights of the base | path_initial_model",
                "\"init_lora_weights\": \"olora\" | changed weights of the base | path_initial_model",
                "\"rank_pattern\": {\"q_proj\": 0} | rank_pattern of 'q_proj' is missing or out of range: 0 | Export",
                "\"rank_pattern\": {\"q_proj\": 2.5} | out of range: 2.5 | Export",
                "\"rank_pattern\": [4] | rank_pattern is no object | Export",
                "\"alpha_pattern\": {\"q_proj\": -1} | alpha_pattern of 'q_proj' | Export",
                "\"alpha_pattern\": {\"q_proj\": \"8\"} | alpha_pattern of 'q_proj' | Export",
                "\"rank_pattern\": {\"(q_proj\": 4} | rank_pattern: the expression '(q_proj' lacks a ')' | names of the",
                "\"exclude_modules\": \"(q)\\\\1\" | refers back to a group | names of the modules",
                "\"exclude_modules\": [1] | exclude_modules is no list of names | Export",
                "\"layers_pattern\": \"h\" | and the latter needs the former | Export",
                "`\"layers_to_transform\": [0], \"layers_pattern\": \"a|b\"` | `the alternatives a|b` | a list of patterns",
                "\"layers_to_transform\": [-1] | layers_to_transform is missing or out of range: -1 | Export",
                "\"use_rslora\": \"no\" | use_rslora is neither true nor false | Export",
                "\"lora_dropout\": 1 | lora_dropout is missing or out of range | Export"
            })
    void refusesWhatItCannotServeExactly(String setting, String fault, String remedy) {
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(() -> with(setting))
                .withMessageContaining(fault)
                .withMessageContaining(remedy);
    }

    @Test
    void readsWhatDoesNotChangeTheAnswer() throws IOException {
        PeftSettings settings = with("""
                "fan_in_fan_out": true, "bias": "all", "init_lora_weights": "gaussian", "modules_to_save": [],
                "loftq_config": {}, "megatron_core": "megatron.core", "qalora_group_size": 16, "peft_version": "0.21.2",
                "auto_mapping": {"base_model_class": "LlamaForCausalLM"}, "task_type": "CAUSAL_LM", "use_dora": false,
                "eva_config": {"rho": 2.0}, "rank_pattern": null, "use_rslora": null""");
        assertThat(settings.rank(new ModuleName("model.layers.0.self_attn.q_proj")))
                .hasValue(8);
        assertThat(settings.rankStabilised()).isFalse();
    }

    @Test
    void anExpressionThatTakesTooLongIsAFaultOfTheFile() throws IOException {
        PeftSettings settings =
                with("\"rank_pattern\": {\"%s\": 4}".formatted("(".repeat(40) + ".*" + ")*".repeat(40)));
        assertThatExceptionOfType(io.plumbline.inference.weights.pattern.InvalidPatternException.class)
                .isThrownBy(() -> settings.rank(new ModuleName("model.layers.0.self_attn.q_proj")))
                .withMessageContaining("too long");
    }
}

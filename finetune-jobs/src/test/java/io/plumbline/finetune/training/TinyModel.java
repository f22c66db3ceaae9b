package io.plumbline.finetune.training;

import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A complete GGUF file of the Llama, Phi-3 or Qwen3-MoE family that is small enough to train in a test: two layers, quantised random
 * weights, a tokenizer of single bytes, a chat template. What it says means nothing; what training does to it is as real
 * as with any model.
 */
public final class TinyModel {
    static final int HIDDEN = 32;
    public static final int LAYERS = 2;
    private static final int FEED_FORWARD = 64;
    private static final int HEADS = 4;
    private static final int KEY_HEADS = 2;
    private static final int EXPERTS = 4;
    private static final int EXPERT_WIDTH = 32;
    private static final String TEMPLATE = "{% for message in messages %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final Random random = new Random(7);
    private int entries;
    private final String family;
    private int tensors;

    private TinyModel(String family) {
        this.family = family;
    }

    /** Writes a Llama to {@code file}. */
    public static Path write(Path file) throws IOException {
        return Files.write(file, new TinyModel("llama").build());
    }

    /** Writes a Phi-3, which has q, k and v in one matrix, gate and up in another. */
    static Path writeStacked(Path file) throws IOException {
        return Files.write(file, new TinyModel("phi3").build());
    }

    /** Writes a Qwen3-MoE, whose feed-forward blocks have experts behind a router. */
    static Path writeWithExperts(Path file) throws IOException {
        return Files.write(file, new TinyModel("qwen3moe").build());
    }

    private boolean hasExperts() {
        return family.equals("qwen3moe");
    }

    private byte[] build() {
        var metadata = new ByteArrayOutputStream();
        writeMetadata();
        metadata.writeBytes(header.toByteArray());
        header.reset();
        writeTensors();
        var file = new ByteArrayOutputStream();
        file.writeBytes("GGUF".getBytes(StandardCharsets.UTF_8));
        file.writeBytes(ints(3));
        file.writeBytes(longs(tensors));
        file.writeBytes(longs(entries));
        file.writeBytes(metadata.toByteArray());
        file.writeBytes(header.toByteArray());
        file.writeBytes(new byte[(32 - file.size() % 32) % 32]);
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    private void writeMetadata() {
        text("general.architecture", family);
        number(family + ".block_count", LAYERS);
        number(family + ".embedding_length", HIDDEN);
        number(family + ".feed_forward_length", FEED_FORWARD);
        number(family + ".attention.head_count", HEADS);
        number(family + ".attention.head_count_kv", KEY_HEADS);
        number(family + ".context_length", 512);
        real(family + ".attention.layer_norm_rms_epsilon", 1e-5f);
        if (hasExperts()) {
            number(family + ".attention.key_length", HIDDEN / HEADS);
            number(family + ".attention.value_length", HIDDEN / HEADS);
            number(family + ".expert_count", EXPERTS);
            number(family + ".expert_used_count", 2);
            number(family + ".expert_feed_forward_length", EXPERT_WIDTH);
        }
        text("tokenizer.ggml.model", "gpt2");
        text("tokenizer.ggml.pre", "gpt-2");
        texts("tokenizer.ggml.tokens", vocabulary());
        types(vocabulary().size());
        texts("tokenizer.ggml.merges", List.of("a a"));
        number("tokenizer.ggml.eos_token_id", 257);
        text("tokenizer.chat_template", TEMPLATE);
    }

    private void writeTensors() {
        int queryWidth = HIDDEN;
        int keyWidth = HIDDEN / HEADS * KEY_HEADS;
        matrix("token_embd.weight", vocabulary().size(), HIDDEN);
        norm("output_norm.weight");
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "blk." + layer + ".";
            norm(prefix + "attn_norm.weight");
            if (family.equals("phi3")) {
                matrix(prefix + "attn_qkv.weight", queryWidth + 2 * keyWidth, HIDDEN);
            } else {
                matrix(prefix + "attn_q.weight", queryWidth, HIDDEN);
                matrix(prefix + "attn_k.weight", keyWidth, HIDDEN);
                matrix(prefix + "attn_v.weight", keyWidth, HIDDEN);
            }
            matrix(prefix + "attn_output.weight", HIDDEN, queryWidth);
            norm(prefix + "ffn_norm.weight");
            if (hasExperts()) {
                norm(prefix + "attn_q_norm.weight", HIDDEN / HEADS);
                norm(prefix + "attn_k_norm.weight", HIDDEN / HEADS);
                experts(prefix);
                continue;
            }
            if (family.equals("phi3")) {
                matrix(prefix + "ffn_up.weight", 2 * FEED_FORWARD, HIDDEN);
            } else {
                matrix(prefix + "ffn_gate.weight", FEED_FORWARD, HIDDEN);
                matrix(prefix + "ffn_up.weight", FEED_FORWARD, HIDDEN);
            }
            matrix(prefix + "ffn_down.weight", HIDDEN, FEED_FORWARD);
        }
    }

    /** The router, and the matrices of all experts, stacked. */
    private void experts(String prefix) {
        matrix(prefix + "ffn_gate_inp.weight", EXPERTS, HIDDEN);
        matrix(prefix + "ffn_gate_exps.weight", List.of(HIDDEN, EXPERT_WIDTH, EXPERTS));
        matrix(prefix + "ffn_up_exps.weight", List.of(HIDDEN, EXPERT_WIDTH, EXPERTS));
        matrix(prefix + "ffn_down_exps.weight", List.of(EXPERT_WIDTH, HIDDEN, EXPERTS));
    }

    /** GPT-2's alphabet for bytes (printable ones stand for themselves), the two turn markers and one merge. */
    private static List<String> vocabulary() {
        List<String> tokens = new ArrayList<>();
        int shifted = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            tokens.add(String.valueOf((char) (printable ? b : shifted++)));
        }
        tokens.add("<|im_start|>");
        tokens.add("<|im_end|>");
        tokens.add("aa");
        return tokens;
    }

    private void matrix(String name, int rows, int columns) {
        matrix(name, List.of(columns, rows));
    }

    /** @param dimensions innermost first */
    private void matrix(String name, List<Integer> dimensions) {
        float[] values = new float[dimensions.stream().reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(dimensions.getFirst()));
        }
        tensor(name, QuantFormat.Q8_0, dimensions, Quantizer.quantize(QuantFormat.Q8_0, values, 0, values.length));
    }

    private void norm(String name) {
        norm(name, HIDDEN);
    }

    private void norm(String name, int width) {
        ByteBuffer ones = little(width * Float.BYTES);
        for (int i = 0; i < width; i++) {
            ones.putFloat(1);
        }
        tensor(name, QuantFormat.F32, List.of(width), ones.array());
    }

    private void tensor(String name, QuantFormat format, List<Integer> dimensions, byte[] bytes) {
        string(name);
        header.writeBytes(ints(dimensions.size()));
        dimensions.forEach(d -> header.writeBytes(longs(d)));
        header.writeBytes(ints(format.ggmlType()));
        header.writeBytes(longs(data.size()));
        data.writeBytes(bytes);
        data.writeBytes(new byte[(32 - data.size() % 32) % 32]);
        tensors++;
    }

    private void text(String key, String value) {
        entry(key, 8);
        string(value);
    }

    private void number(String key, int value) {
        entry(key, 4);
        header.writeBytes(ints(value));
    }

    private void real(String key, float value) {
        entry(key, 6);
        header.writeBytes(little(Float.BYTES).putFloat(value).array());
    }

    private void texts(String key, List<String> values) {
        entry(key, 9);
        header.writeBytes(ints(8));
        header.writeBytes(longs(values.size()));
        values.forEach(this::string);
    }

    private void types(int size) {
        entry("tokenizer.ggml.token_type", 9);
        header.writeBytes(ints(5));
        header.writeBytes(longs(size));
        for (int i = 0; i < size; i++) {
            header.writeBytes(ints(i == 256 || i == 257 ? 3 : 1));
        }
    }

    private void entry(String key, int type) {
        entries++;
        string(key);
        header.writeBytes(ints(type));
    }

    private void string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        header.writeBytes(longs(bytes.length));
        header.writeBytes(bytes);
    }

    private static byte[] ints(int value) {
        return little(Integer.BYTES).putInt(value).array();
    }

    private static byte[] longs(long value) {
        return little(Long.BYTES).putLong(value).array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}

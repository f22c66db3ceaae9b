package io.plumbline.inference.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatPolicyTest {
    private static QuantFormat of(QuantFormat target, boolean tied, String name, Long... dimensions) {
        return new FormatPolicy(target, tied).formatOf(name, List.of(dimensions));
    }

    @Test
    void vectorsAndRoutersStayFloat32() {
        assertThat(of(QuantFormat.Q4_0, true, "blk.0.attn_norm.weight", 512L)).isEqualTo(QuantFormat.F32);
        assertThat(of(QuantFormat.F16, true, "blk.0.attn_q.bias", 512L)).isEqualTo(QuantFormat.F32);
        assertThat(of(QuantFormat.Q4_0, true, "blk.0.ffn_gate_inp.weight", 8L, 512L))
                .isEqualTo(QuantFormat.F32);
    }

    @Test
    void theMatrixThatMakesTheLogitsKeepsMoreBits() {
        for (QuantFormat target : List.of(QuantFormat.Q4_0, QuantFormat.Q4_K)) {
            assertThat(of(target, true, "token_embd.weight", 99L, 512L)).isEqualTo(QuantFormat.Q6_K);
            assertThat(of(target, false, "token_embd.weight", 99L, 512L)).isEqualTo(target);
            assertThat(of(target, false, "output.weight", 99L, 512L)).isEqualTo(QuantFormat.Q6_K);
            assertThat(of(target, true, "blk.0.attn_q.weight", 99L, 512L)).isEqualTo(target);
        }
        assertThat(of(QuantFormat.Q8_0, true, "token_embd.weight", 99L, 512L)).isEqualTo(QuantFormat.Q8_0);
        assertThat(of(QuantFormat.F16, false, "output.weight", 99L, 512L)).isEqualTo(QuantFormat.F16);
    }

    @Test
    void rowsThatAreNoWholeBlocksTakeTheNeighbour() {
        assertThat(of(QuantFormat.Q4_K, true, "blk.0.attn_q.weight", 99L, 576L)).isEqualTo(QuantFormat.Q5_0);
        assertThat(of(QuantFormat.Q5_K, true, "blk.0.attn_q.weight", 99L, 576L)).isEqualTo(QuantFormat.Q5_1);
        assertThat(of(QuantFormat.Q4_K, true, "token_embd.weight", 99L, 576L)).isEqualTo(QuantFormat.Q8_0);
        assertThat(of(QuantFormat.Q2_K, true, "blk.0.attn_q.weight", 99L, 576L)).isEqualTo(QuantFormat.IQ4_NL);
        for (QuantFormat target : List.of(QuantFormat.Q4_0, QuantFormat.Q4_K, QuantFormat.Q8_0, QuantFormat.Q2_K)) {
            assertThat(of(target, true, "blk.0.attn_q.weight", 99L, 40L)).isEqualTo(QuantFormat.F16);
        }
        assertThat(of(QuantFormat.BF16, true, "blk.0.attn_q.weight", 99L, 5L)).isEqualTo(QuantFormat.BF16);
    }
}

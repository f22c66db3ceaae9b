package io.plumbline.platform.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.remote.ApiKey;
import io.plumbline.inference.pool.remote.RemoteAdapters;
import io.plumbline.inference.pool.remote.RemoteDialect;
import io.plumbline.inference.pool.remote.RemoteEngineSettings;
import io.plumbline.inference.pool.remote.RemoteKeys;
import io.plumbline.inference.pool.remote.RemoteLimits;
import io.plumbline.inference.pool.remote.RemoteModel;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** From the words of the settings to engines. */
class RemoteEnginesTest {
    private static final String SECRET = "sk-0123456789";

    private static RemoteEngines engines(String... settings) {
        String[] below = settings.clone();
        for (int i = 0; i < below.length; i += 2) {
            below[i] = "remote." + below[i];
        }
        PoolConfig config = ConfiguredPool.of(below);
        return new RemoteEngines(config, Path.of("/srv/plumbline"));
    }

    @Test
    void nothingIsElsewhereUnlessTheSettingsSaySo() {
        assertThat(engines().settings()).isEmpty();
        assertThat(engines().open()).isEmpty();
    }

    @Test
    void everySettingArrives() {
        RemoteEngineSettings engine = engines(
                        "gpu-1.url", "https://gpu-1.example:8000",
                        "gpu-1.api-key", SECRET,
                        "gpu-1.tenant-keys.hospital", "sk-of-the-hospital",
                        "gpu-1.dialect", "vllm",
                        "gpu-1.models.\"qwen3-8b\".name", "Qwen/Qwen3-8B",
                        "gpu-1.models.\"qwen3-8b\".context-length", "32768",
                        "gpu-1.models.\"qwen3-8b\".sha256", "0f".repeat(32),
                        "gpu-1.adapters", "shared-folder",
                        "gpu-1.adapters-folder-there", "/mnt/adapters",
                        "gpu-1.limits.max-requests", "32")
                .settings()
                .getFirst();
        assertThat(engine.name()).isEqualTo("gpu-1");
        assertThat(engine.address()).isEqualTo(URI.create("https://gpu-1.example:8000"));
        assertThat(engine.keys())
                .isEqualTo(new RemoteKeys(
                        Optional.of(new ApiKey(SECRET)),
                        Map.of(TenantId.of("hospital"), new ApiKey("sk-of-the-hospital"))));
        assertThat(engine.dialect()).isEqualTo(RemoteDialect.VLLM);
        assertThat(engine.models())
                .isEqualTo(List.of(new RemoteModel("qwen3-8b", "Qwen/Qwen3-8B", 32768, "0f".repeat(32))));
        assertThat(engine.adapters())
                .isEqualTo(new RemoteAdapters.SharedFolder(Path.of("/srv/plumbline/adapters"), "/mnt/adapters"));
        RemoteLimits usual = RemoteLimits.defaults();
        assertThat(engine.limits())
                .isEqualTo(new RemoteLimits(usual.connect(), usual.begin(), usual.stall(), usual.answer(), 32));
    }

    @Test
    void whatCannotBeIsRefusedWithTheRemedyAndWithoutSecrets() {
        refused("set plain-http-allowed", "a.url", "http://gpu.example", "a.models.m.context-length", "99");
        refused("at least one", "a.url", "https://gpu.example");
        refused(
                "needs adapters-folder-there",
                "a.url",
                "https://g.example",
                "a.models.m.context-length",
                "99",
                "a.adapters",
                "shared-folder");
        refused(
                "printable ASCII",
                "a.url",
                "https://g.example",
                "a.models.m.context-length",
                "99",
                "a.api-key",
                SECRET + " x");
        refused(
                "placed on two engines",
                "a.url",
                "https://a.example",
                "a.models.m.context-length",
                "99",
                "b.url",
                "https://b.example",
                "b.models.m.context-length",
                "99");
    }

    private static void refused(String remedy, String... settings) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> engines(settings).settings())
                .withMessageContaining("plumbline.pool.remote")
                .withMessageContaining(remedy)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain(SECRET));
    }
}

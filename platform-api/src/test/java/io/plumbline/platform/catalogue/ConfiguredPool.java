package io.plumbline.platform.catalogue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Settings of the pool as an installation would have them: those given, and the defaults of all others. */
final class ConfiguredPool {
    private ConfiguredPool() {}

    /** @param settings names below {@code plumbline.pool}, each followed by its value */
    static PoolConfig of(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("plumbline.pool.models", "models"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put("plumbline.pool." + settings[i], settings[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(PoolConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build()
                .getConfigMapping(PoolConfig.class);
    }
}

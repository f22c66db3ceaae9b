package io.plumbline.finetune.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.nio.file.Path;

/** How specs and events cross the boundary of the trainer process: the one JSON mapping that both sides use. */
public final class TrainingJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule().addSerializer(Path.class, new ToStringSerializer(Path.class)))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private TrainingJson() {}

    /** The spec as one JSON object. */
    public static String write(TrainingSpec spec) {
        return text(spec);
    }

    /** The event as one JSON object without a line break. */
    public static String write(TrainingEvent event) {
        return text(event);
    }

    /** @throws JsonProcessingException if the text is not a spec; the message names the field */
    public static TrainingSpec spec(String json) throws JsonProcessingException {
        return MAPPER.readValue(json, TrainingSpec.class);
    }

    /** @throws JsonProcessingException if the line is not an event */
    public static TrainingEvent event(String line) throws JsonProcessingException {
        return MAPPER.readValue(line, TrainingEvent.class);
    }

    /** For what else lies beside a run: checkpoints and lineage. */
    static ObjectMapper mapper() {
        return MAPPER;
    }

    private static String text(Object value) {
        try {
            return MAPPER.writerFor(value instanceof TrainingEvent ? TrainingEvent.class : value.getClass())
                    .writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
        }
    }
}

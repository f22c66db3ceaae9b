package io.plumbline.platform.error;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Locale;

/** Says what is wrong with a JSON body in the caller's terms, without class names. */
final class JsonPath {
    private JsonPath() {}

    /** As {@code messages[1].content}; empty for the body itself. */
    static String of(JsonMappingException failure) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : failure.getPath()) {
            if (reference.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            } else if (reference.getIndex() >= 0) {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    /** What was expected there. */
    static String expectation(JsonProcessingException failure) {
        return switch (failure) {
            case ValueInstantiationException e
            when e.getCause() != null && e.getCause().getMessage() != null ->
                e.getCause().getMessage();
            case InvalidFormatException e -> "'%s' is not %s".formatted(e.getValue(), kind(e.getTargetType()));
            case MismatchedInputException e
            when e.getTargetType() != null -> "%s is expected".formatted(kind(e.getTargetType()));
            default -> firstSentence(failure);
        };
    }

    /** Jackson's own words up to the details of its source. */
    static String firstSentence(JsonProcessingException failure) {
        String message = failure.getOriginalMessage();
        int end = message.indexOf("\n");
        return end < 0 ? message : message.substring(0, end);
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return "one of its values";
        }
        if (Boolean.class == type || boolean.class == type) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a string";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        return type.getPackageName().startsWith("java.")
                ? "a " + type.getSimpleName().toLowerCase(Locale.ROOT)
                : "an object";
    }
}

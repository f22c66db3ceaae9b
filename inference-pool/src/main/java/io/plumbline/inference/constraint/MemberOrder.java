package io.plumbline.inference.constraint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Puts the members of JSON objects into the order in which a schema names them, which is the only one that its grammar
 * knows. The order of members means nothing (RFC 8259, section 4), so a text may be judged by what becomes of it: the
 * grammar accepts nothing that the schema does not. Which of several object schemas an object belongs to is guessed by the
 * names it has; a wrong guess can only refuse.
 */
final class MemberOrder {
    private static final JsonMapper JSON = new JsonMapper();

    /** Names of properties, by object schema. */
    private final List<List<String>> orders = new ArrayList<>();

    /** @param schema a JSON Schema; one that is not JSON orders nothing */
    MemberOrder(String schema) {
        try {
            collect(JSON.readTree(schema));
        } catch (JsonProcessingException e) {
            orders.clear();
        }
    }

    private void collect(JsonNode schema) {
        JsonNode properties = schema.path("properties");
        if (properties.isObject()) {
            List<String> names = new ArrayList<>();
            properties.fieldNames().forEachRemaining(names::add);
            orders.add(names);
        }
        schema.forEach(this::collect);
    }

    /** @param text well-formed JSON without white space outside of strings */
    JudgedText sort(JudgedText text) {
        Writer writer = new Writer(text.text());
        List<Integer> order = new ArrayList<>();
        writer.value(0, order);
        return text.permuted(order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** @param indices of the member's characters */
    private record Member(String name, List<Integer> indices) {}

    private final class Writer {
        private final String text;

        Writer(String text) {
            this.text = text;
        }

        /** Adds the indices of the characters of a value, and returns where it ends. */
        int value(int at, List<Integer> out) {
            return switch (text.charAt(at)) {
                case '{' -> object(at, out);
                case '[' -> array(at, out);
                default -> copy(at, scalarEnd(at), out);
            };
        }

        private int array(int begin, List<Integer> out) {
            int at = copy(begin, begin + 1, out);
            while (text.charAt(at) != ']') {
                at = text.charAt(at) == ',' ? copy(at, at + 1, out) : value(at, out);
            }
            return copy(at, at + 1, out);
        }

        private int object(int begin, List<Integer> out) {
            int at = copy(begin, begin + 1, out);
            List<Member> members = new ArrayList<>();
            List<Integer> commas = new ArrayList<>();
            while (text.charAt(at) != '}') {
                if (text.charAt(at) == ',') {
                    at = copy(at, at + 1, commas);
                } else {
                    List<Integer> member = new ArrayList<>();
                    int colon = copy(at, scalarEnd(at), member);
                    members.add(new Member(text.substring(at + 1, colon - 1), member));
                    at = value(copy(colon, colon + 1, member), member);
                }
            }
            List<String> order = orderOf(members);
            members.sort(Comparator.comparingInt(member -> rank(order, member.name())));
            for (int i = 0; i < members.size(); i++) {
                out.addAll(i == 0 ? List.of() : commas.subList(i - 1, i));
                out.addAll(members.get(i).indices());
            }
            return copy(at, at + 1, out);
        }

        private int copy(int from, int to, List<Integer> out) {
            IntStream.range(from, to).forEach(out::add);
            return to;
        }

        private int scalarEnd(int at) {
            int end = at + 1;
            if (text.charAt(at) == '"') {
                while (text.charAt(end) != '"') {
                    end += text.charAt(end) == '\\' ? 2 : 1;
                }
                return end + 1;
            }
            while (end < text.length() && ",]}".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            return end;
        }
    }

    /** The one that names most of the members. */
    private List<String> orderOf(List<Member> members) {
        return orders.stream()
                .max(Comparator.comparingLong(names ->
                        members.stream().filter(m -> names.contains(m.name())).count()))
                .orElse(List.of());
    }

    /** What a schema does not name comes last. */
    private static int rank(List<String> order, String name) {
        int rank = order.indexOf(name);
        return rank < 0 ? order.size() : rank;
    }
}

package io.plumbline.inference.grammar.json;

import io.plumbline.inference.grammar.InvalidGrammarException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Why a schema cannot be guaranteed: all reasons, so that they can be mended at once. */
final class SchemaProblems {
    private static final int MOST_SHOWN = 10;

    private final boolean strict;
    private final Set<String> problems = new LinkedHashSet<>();

    /** @param strict whether what cannot be guaranteed is refused, and not left out */
    SchemaProblems(boolean strict) {
        this.strict = strict;
    }

    /** Something that cannot be enforced: refused if the schema is strict, else not enforced. */
    void unenforced(String path, String what) {
        if (strict) {
            problems.add("%s: %s".formatted(path, what));
        }
    }

    /** Something wrong in itself. */
    void wrong(String path, String what) {
        problems.add("%s: %s".formatted(path, what));
    }

    boolean strict() {
        return strict;
    }

    /** @throws InvalidGrammarException if there are any */
    void refuse() {
        if (problems.isEmpty()) {
            return;
        }
        String shown = String.join("; ", problems.stream().limit(MOST_SHOWN).toList());
        String more = problems.size() > MOST_SHOWN ? "; and %d more".formatted(problems.size() - MOST_SHOWN) : "";
        throw new InvalidGrammarException("The schema cannot be guaranteed. %s%s. Supported keywords: %s."
                .formatted(shown, more, Keywords.supported()));
    }
}

package io.plumbline.inference.weights.pattern;

/** The inside of square brackets. */
final class ClassParser {
    private final PatternSource source;

    ClassParser(PatternSource source) {
        this.source = source;
    }

    /**
     * One member.
     *
     * @param character if it is a single one, so that a range can begin or end there
     */
    private record Member(CharacterSet set, int character) {
        private static final int MANY = -1;
    }

    CharacterSet read() {
        boolean negated = source.skip("^");
        CharacterSet set = CharacterSet.NONE;
        boolean first = true;
        while (first || !source.peekIs(']')) {
            first = false;
            set = set.or(item());
        }
        source.next();
        return negated ? set.complement() : set;
    }

    private CharacterSet item() {
        Member from = member();
        if (!source.peekIs('-')) {
            return from.set();
        }
        source.next();
        if (source.peekIs(']')) {
            return from.set().or(CharacterSet.of('-'));
        }
        Member to = member();
        if (from.character() == Member.MANY || to.character() == Member.MANY || to.character() < from.character()) {
            throw source.refusal("has a wrong range in a class");
        }
        return CharacterSet.range(from.character(), to.character());
    }

    private Member member() {
        int character = source.next();
        if (character != '\\') {
            return single(character);
        }
        int letter = source.next();
        if (letter == 'b') {
            return single('\b');
        }
        return PatternSource.classOf(letter)
                .map(set -> new Member(set, Member.MANY))
                .orElseGet(() -> single(source.character(letter)));
    }

    private static Member single(int character) {
        return new Member(CharacterSet.of(character), character);
    }
}

package io.plumbline.inference.grammar.regex;

import io.plumbline.inference.grammar.CodePoints;
import io.plumbline.inference.grammar.Node;

/** How the characters that an expression matches are spelled in the text: as they are, or within a JSON string. */
public interface CharacterSpelling {
    /** As they are, in UTF-8. */
    CharacterSpelling PLAIN = CodePoints::utf8;

    /** One of these characters. */
    Node of(CodePoints characters);
}

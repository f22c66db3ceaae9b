package io.plumbline.compliance.rule;

import io.plumbline.compliance.detect.Phrases;
import java.util.Optional;

/**
 * Something an answer must hold.
 *
 * @param name as rule files call it
 * @param phrases what counts as holding it
 * @param inDialogue whether it may also stand in what was said before
 * @param text what to add if it is missing; empty if the rule's own text says it all
 */
public record Requirement(String name, Phrases phrases, boolean inDialogue, Optional<Bilingual> text) {}

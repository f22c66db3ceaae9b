package io.plumbline.platform.gateway.rest;

import io.plumbline.compliance.screen.Notice;
import io.plumbline.platform.gateway.Piece;
import java.util.List;

/** An answer of which nothing has left yet: its pieces in order, and how it is kept. */
record EndedAnswer(List<Piece> pieces, AnswerKeeper.Kept kept) {
    EndedAnswer {
        pieces = List.copyOf(pieces);
    }

    /** Rules whose words stand beside the content, each once. */
    List<String> notices() {
        return pieces.stream()
                .filter(Piece.End.class::isInstance)
                .map(Piece.End.class::cast)
                .flatMap(end -> end.notices().stream())
                .map(Notice::rule)
                .distinct()
                .toList();
    }
}

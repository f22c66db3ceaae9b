package io.plumbline.platform.gateway.rest;

import io.plumbline.platform.gateway.Piece;
import java.util.List;

/** An answer of which nothing has left yet: its pieces in order, and how it is kept. */
record EndedAnswer(List<Piece> pieces, AnswerKeeper.Kept kept) {
    EndedAnswer {
        pieces = List.copyOf(pieces);
    }
}

package io.plumbline.inference.toolcall;

/** A part of an answer that may call functions, in the order of the text. */
public sealed interface AnswerPart {
    /** Words to the reader. */
    record Words(String text) implements AnswerPart {}

    /**
     * A call begins.
     *
     * @param index of the call in the answer, from 0
     */
    record CallBegins(int index, String name) implements AnswerPart {}

    /** More of the arguments of the call that began last: a piece of a JSON object. */
    record Arguments(int index, String text) implements AnswerPart {}
}

package io.plumbline.platform.error;

/** A parameter that OpenAI has and this product does not act on; ignoring it would change the answer's meaning. */
@AnswersWith(status = 400, code = "unsupported_parameter")
public final class UnsupportedParameter extends PlatformException {
    private static final long serialVersionUID = 1L;

    public UnsupportedParameter(String param) {
        this(param, "Leave it out.");
    }

    public UnsupportedParameter(String param, String remedy) {
        super("The parameter '%s' is not supported by this installation. %s".formatted(param, remedy), param);
    }
}

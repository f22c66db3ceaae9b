package io.plumbline.platform.error;

/** A parameter has a value that this route does not take. */
@AnswersWith(status = 400, code = "invalid_value")
public class InvalidRequest extends PlatformException {
    private static final long serialVersionUID = 1L;

    /**
     * @param param path of the parameter, such as {@code messages[1].content}
     * @param message what is wrong and what is expected
     */
    public InvalidRequest(String param, String message) {
        super(message, param);
    }
}

package io.plumbline.platform.error;

/** Nothing of that id exists within the caller's tenant. Objects of other tenants are answered exactly like this. */
@AnswersWith(status = 404, code = "not_found")
public class NotFound extends PlatformException {
    private static final long serialVersionUID = 1L;

    /**
     * @param kind what was looked for, such as {@code file}
     * @param id what the caller called it
     */
    public NotFound(String kind, String id) {
        super("No %s with id '%s' exists.".formatted(kind, id), "id");
    }

    protected NotFound(String message, String param, boolean custom) {
        super(message, param);
    }
}

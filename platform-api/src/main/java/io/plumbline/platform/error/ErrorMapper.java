package io.plumbline.platform.error;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that turns what went wrong into what the caller is told. Our own exceptions carry {@link AnswersWith} on
 * their class or an ancestor; those of libraries are known here. Whatever is left is our fault: 500 with the request's
 * id, logged once, its stack trace kept from the caller.
 */
@ApplicationScoped
public class ErrorMapper {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);
    private static final int MAX_DEPTH = 20;

    /**
     * The answer to a failure.
     *
     * @param requestId told to the caller where only the log can help
     */
    public ErrorAnswer answer(Throwable failure, String requestId) {
        Optional<ErrorAnswer> known = known(failure);
        if (known.isPresent()) {
            ErrorAnswer answer = known.get();
            if (answer.status() >= 500) {
                LOG.warn("{} {}: {}", answer.status(), answer.code(), rootMessage(failure));
            }
            return answer;
        }
        LOG.error("request {} failed", requestId, failure);
        return ErrorAnswer.of(
                500,
                ErrorType.SERVER,
                "internal_error",
                "Something went wrong on our side. The operator finds the reason in the log under request id %s."
                        .formatted(requestId));
    }

    /** Our own facts first, then what libraries say of theirs, last the bare status: each wraps those before it. */
    private static Optional<ErrorAnswer> known(Throwable failure) {
        return alongCauses(failure, ErrorMapper::ofOurs)
                .or(() -> alongCauses(failure, LibraryFailures::answer))
                .or(() -> alongCauses(failure, ErrorMapper::ofStatus));
    }

    private static Optional<ErrorAnswer> ofOurs(Throwable failure) {
        return failure instanceof PlatformException ours ? Optional.of(ofAnnotation(ours)) : Optional.empty();
    }

    private static Optional<ErrorAnswer> ofStatus(Throwable failure) {
        return failure instanceof WebApplicationException web
                ? HttpStatusAnswer.of(web.getResponse().getStatus())
                : Optional.empty();
    }

    private static ErrorAnswer ofAnnotation(PlatformException failure) {
        AnswersWith meaning = nearest(failure.getClass());
        ErrorAnswer answer = ErrorAnswer.of(
                        meaning.status(), meaning.type(), meaning.code(), LibraryFailures.message(failure))
                .about(failure.param().orElse(null));
        return failure.retryAfterSeconds().isPresent()
                ? answer.retryAfter(failure.retryAfterSeconds().getAsInt())
                : answer;
    }

    private static AnswersWith nearest(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            AnswersWith meaning = c.getDeclaredAnnotation(AnswersWith.class);
            if (meaning != null) {
                return meaning;
            }
        }
        throw new IllegalStateException(type + " and its ancestors lack @AnswersWith");
    }

    /** The first answer along the chain of causes, from the outermost inwards. */
    private static Optional<ErrorAnswer> alongCauses(
            Throwable failure, Function<Throwable, Optional<ErrorAnswer>> answer) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            Optional<ErrorAnswer> found = answer.apply(cause);
            if (found.isPresent()) {
                return found;
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < MAX_DEPTH; depth++) {
            root = root.getCause();
        }
        return root.toString();
    }
}

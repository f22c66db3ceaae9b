package io.plumbline.platform.error;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an exception class means to the caller. {@link ErrorMapper} finds it on the class or its nearest ancestor. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AnswersWith {
    /** HTTP status. */
    int status();

    ErrorType type() default ErrorType.INVALID_REQUEST;

    /** Stable name for programs, such as {@code file_not_found}. */
    String code();
}

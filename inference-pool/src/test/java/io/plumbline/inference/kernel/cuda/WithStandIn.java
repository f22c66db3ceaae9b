package io.plumbline.inference.kernel.cuda;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs where the stand-in was built; it starts afresh for every test, and no rule of the driver may be broken. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
        value = "io.plumbline.inference.kernel.cuda.StandInProvider#isBuilt",
        disabledReason = "no CUDA stand-in in this build: no C++ compiler")
@ExtendWith(StandInRules.class)
public @interface WithStandIn {}

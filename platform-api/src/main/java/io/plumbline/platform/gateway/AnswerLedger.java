package io.plumbline.platform.gateway;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.platform.screening.ScreenedItem;
import io.plumbline.platform.screening.Verdicts;
import io.plumbline.platform.tenant.CurrentTenant;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.Usage;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Books what an answer used, what the rules found, and that it was given, in one transaction. The answer exists already and leaves whatever
 * the database does; so a booking that fails is repeated in the background for a while.
 */
@ApplicationScoped
class AnswerLedger {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerLedger.class);
    private static final int ATTEMPTS = 60;
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Usage usage;
    private final Verdicts verdicts;
    private final CurrentTenant currentTenant;
    private final GatewayMetrics metrics;
    private final AnswerActs acts;

    @Inject
    AnswerLedger(Usage usage, Verdicts verdicts, CurrentTenant currentTenant, GatewayMetrics metrics, AnswerActs acts) {
        this.usage = usage;
        this.verdicts = verdicts;
        this.currentTenant = currentTenant;
        this.metrics = metrics;
        this.acts = acts;
    }

    void settle(AnswerContext context, Tokens tokens, List<ScreenedItem> findings, AnswerTranscript transcript) {
        settle(context, tokens, findings, acts.of(context, transcript, findings));
    }

    /** As {@link #settle}, for an answer that the engine did not finish. */
    void settleFailed(AnswerContext context, Tokens tokens, List<ScreenedItem> findings, AnswerTranscript transcript) {
        settle(context, tokens, findings, acts.failed(context, transcript, findings));
    }

    private void settle(AnswerContext context, Tokens tokens, List<ScreenedItem> findings, AuditableAct act) {
        metrics.answered(context.route(), tokens, findings);
        Runnable booking = () -> {
            usage.settle(context.reservation(), tokens);
            verdicts.add(context.reservation().requestId(), context.route().id(), findings);
            acts.log(act);
        };
        attempt(context, booking);
    }

    /** A question that was withheld used nothing; its verdicts are kept, and what its caller was told. */
    void withhold(AnswerContext context, List<ScreenedItem> findings, AnswerTranscript transcript) {
        metrics.answered(context.route(), Tokens.none(), findings);
        AuditableAct act = acts.of(context, transcript, findings);
        Runnable booking = () -> {
            usage.release(context.reservation());
            verdicts.add(context.reservation().requestId(), context.route().id(), findings);
            acts.log(act);
        };
        attempt(context, booking);
    }

    /** A question to which no answer began. */
    void release(AnswerContext context) {
        metrics.answered(context.route(), Tokens.none(), List.of());
        attempt(context, () -> usage.release(context.reservation()));
    }

    private void attempt(AnswerContext context, Runnable booking) {
        try {
            QuarkusTransaction.requiringNew().run(booking);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} is not booked yet, it will be tried again: {}",
                    context.reservation().requestId(),
                    e.toString());
            Thread.ofVirtual()
                    .name("booking-" + context.reservation().requestId())
                    .start(() -> repeat(context, booking));
        }
    }

    private void repeat(AnswerContext context, Runnable booking) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Thread.sleep(PAUSE);
                currentTenant.runAs(context.tenant(), () -> QuarkusTransaction.requiringNew()
                        .run(booking));
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.debug(
                        "attempt {} to book {} failed",
                        attempt,
                        context.reservation().requestId(),
                        e);
            }
        }
        LOG.error(
                "{} could not be booked; its reservation stays",
                context.reservation().requestId());
    }
}

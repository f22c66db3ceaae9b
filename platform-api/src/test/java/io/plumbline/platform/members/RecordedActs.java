package io.plumbline.platform.members;

import io.plumbline.compliance.audit.AuditableAct;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps what is fired. */
final class RecordedActs implements Event<AuditableAct> {
    private final List<AuditableAct> fired = new ArrayList<>();

    List<AuditableAct> all() {
        return fired;
    }

    /** The act of a type; there must be exactly one. */
    AuditableAct only(String type) {
        List<AuditableAct> found =
                fired.stream().filter(act -> act.type().equals(type)).toList();
        if (found.size() != 1) {
            throw new AssertionError("%d acts %s in %s".formatted(found.size(), type, fired));
        }
        return found.getFirst();
    }

    @Override
    public void fire(AuditableAct act) {
        fired.add(act);
    }

    @Override
    public <U extends AuditableAct> CompletionStage<U> fireAsync(U act) {
        fired.add(act);
        return CompletableFuture.completedStage(act);
    }

    @Override
    public <U extends AuditableAct> CompletionStage<U> fireAsync(U act, NotificationOptions options) {
        return fireAsync(act);
    }

    @Override
    public Event<AuditableAct> select(Annotation... qualifiers) {
        return this;
    }

    @Override
    public <U extends AuditableAct> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
        throw new UnsupportedOperationException("acts have no subtypes");
    }

    @Override
    public <U extends AuditableAct> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
        throw new UnsupportedOperationException("acts have no subtypes");
    }
}

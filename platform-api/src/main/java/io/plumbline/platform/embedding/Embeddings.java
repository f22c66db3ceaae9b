package io.plumbline.platform.embedding;

import io.micrometer.core.instrument.MeterRegistry;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.platform.catalogue.ModelRoutes;
import io.plumbline.platform.catalogue.ModelTask;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.usage.Reservation;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.Usage;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Life of one order: tokens, room in the quota, vectors, ledger. Texts are not screened: nothing is generated or released,
 * the vectors go back to whoever sent the texts, and a masked text would no longer be found by its own vector.
 */
@ApplicationScoped
public class Embeddings {
    /** Length of a vector. */
    public static final int DIMENSIONS = EmbeddingModel.DIMENSIONS;

    private static final Logger LOG = LoggerFactory.getLogger(Embeddings.class);
    /** Most tokens of one request, as with OpenAI. */
    private static final long MAX_REQUEST_TOKENS = 300_000;

    private final ModelRoutes routes;
    private final Usage usage;
    private final Event<AuditableAct> acts;
    private final MeterRegistry metrics;
    private final LazyModel model = new LazyModel();
    private final EmbeddingWorkers workers;

    @Inject
    Embeddings(
            ModelRoutes routes, Usage usage, Event<AuditableAct> acts, MeterRegistry metrics, EmbeddingConfig config) {
        this.routes = routes;
        this.usage = usage;
        this.acts = acts;
        this.metrics = metrics;
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.workers = new EmbeddingWorkers(config.threads().orElse(half), config.maxRequests());
    }

    /**
     * Embeds texts. A text's vector has the same bits whatever else the order holds.
     *
     * @param cancelled asked before each text; once true, the result holds the vectors so far
     * @throws io.plumbline.platform.catalogue.UnknownModel if there is no such model
     * @throws io.plumbline.platform.catalogue.WrongModelTask if the model does not embed
     * @throws InputTooLong if a text or all of them are too long
     * @throws InvalidRequest if a text has nothing to read
     * @throws io.plumbline.platform.usage.QuotaExceeded if the tenant's tokens of the day are used up
     * @throws EmbeddingsOverloaded if too many requests are under way
     */
    public Embedded embed(Caller caller, EmbeddingOrder order, BooleanSupplier cancelled) throws InterruptedException {
        routes.require(caller.tenant(), order.model(), ModelTask.EMBEDDING);
        EmbeddingModel loaded = model.get();
        List<int[]> tokens = tokens(loaded, order);
        long most = sum(tokens);
        Reservation reservation = usage.reserve(caller, Ids.create("embd-"), order.model(), new Tokens(most, 0, 0));
        long used = 0;
        try {
            List<float[]> vectors = workers.compute(tokens.size(), i -> loaded.embed(tokens.get(i)), cancelled);
            used = sum(tokens.subList(0, vectors.size()));
            return new Embedded(vectors, used);
        } finally {
            book(reservation, order, used);
        }
    }

    private static List<int[]> tokens(EmbeddingModel model, EmbeddingOrder order) {
        List<int[]> tokens = new ArrayList<>(order.texts().size());
        long sum = 0;
        for (int i = 0; i < order.texts().size(); i++) {
            int[] ids = model.tokens(order.texts().get(i));
            if (ids.length == EmbeddingModel.SPECIAL_TOKENS) {
                throw new InvalidRequest(
                        order.path(i),
                        "'%s' has nothing to embed: it is empty or holds only blanks.".formatted(order.path(i)));
            }
            if (ids.length > EmbeddingModel.MAX_TOKENS) {
                throw InputTooLong.text(order.path(i), ids.length);
            }
            sum += ids.length;
            if (sum > MAX_REQUEST_TOKENS) {
                throw InputTooLong.request(MAX_REQUEST_TOKENS);
            }
            tokens.add(ids);
        }
        return tokens;
    }

    private static long sum(List<int[]> tokens) {
        return tokens.stream().mapToLong(ids -> ids.length).sum();
    }

    private void book(Reservation reservation, EmbeddingOrder order, long used) {
        if (used == 0) {
            usage.release(reservation);
            return;
        }
        metrics.counter("plumbline.embedding.tokens", "model", order.model()).increment((double) used);
        QuarkusTransaction.requiringNew().run(() -> {
            usage.settle(reservation, new Tokens(used, 0, 0));
            acts.fire(new AuditableAct(
                    "embedding.created",
                    reservation.subject(),
                    reservation.requestId(),
                    Map.of(
                            "model", order.model(),
                            "inputs", Integer.toString(order.texts().size()),
                            "tokens", Long.toString(used)),
                    Map.of())); // the texts are kept nowhere, and a digest of a short one could be guessed
        });
    }

    @PreDestroy
    void close() {
        workers.close();
        model.close();
    }

    /** The model, loaded when it is first asked for: a server that embeds nothing does without it. */
    private static final class LazyModel {
        private volatile @Nullable EmbeddingModel loaded;

        EmbeddingModel get() {
            EmbeddingModel model = loaded;
            return model == null ? load() : model;
        }

        private synchronized EmbeddingModel load() {
            EmbeddingModel model = loaded;
            if (model == null) {
                try {
                    model = EmbeddingModel.load();
                } catch (EmbeddingsUnavailable e) {
                    LOG.error("the embedding model cannot be loaded", e);
                    throw e;
                }
                loaded = model;
            }
            return model;
        }

        synchronized void close() {
            EmbeddingModel model = loaded;
            if (model != null) {
                model.close();
            }
        }
    }
}

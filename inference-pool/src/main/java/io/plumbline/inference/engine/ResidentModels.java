package io.plumbline.inference.engine;

import io.plumbline.inference.pool.InferenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in memory. One is loaded when it is first wanted, once, however many want it at the same time; others are
 * loaded and serve meanwhile. Where a budget would be exceeded, idle models leave first, the longest unused one first; a
 * model that is in use never leaves. Thread-safe.
 */
final class ResidentModels {
    private static final Logger LOG = LoggerFactory.getLogger(ResidentModels.class);
    private static final int RETRY_SECONDS = 10;
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final OptionalLong budget;
    private final Map<String, Resident> residents = new HashMap<>();
    private long clock;
    private boolean closed;

    /** A model that is in memory, or is being loaded. */
    private static final class Resident {
        private final String id;
        private final ModelFootprint footprint;
        private final CompletableFuture<ServedModel> model = new CompletableFuture<>();
        private int uses;
        private long lastUse;

        Resident(String id, ModelFootprint footprint) {
            this.id = id;
            this.footprint = footprint;
        }

        boolean idle() {
            return uses == 0
                    && model.isDone()
                    && !model.isCompletedExceptionally() // it leaves by itself
                    && model.join().engine().unfinished() == 0;
        }
    }

    /** Which models leave for a new one, which the caller has to load. */
    private record Admission(Resident resident, boolean load, List<Resident> leaving) {}

    /** @param budget bytes of all models together; empty = whatever the machine has */
    ResidentModels(OptionalLong budget) {
        this.budget = budget;
    }

    /**
     * Does something with a model, which stays in memory meanwhile and as long as it has unfinished requests.
     *
     * @param footprint of the model
     * @param load loads it
     * @throws InferenceException.NoRoomForModel if the budget does not allow it
     * @throws InferenceException.ShuttingDown after {@link #refuse}
     */
    <T> T use(String id, ModelFootprint footprint, Supplier<ServedModel> load, Function<ServedModel, T> action) {
        Admission admission = admitPatiently(id, footprint);
        try {
            if (admission.load()) {
                replace(admission, load);
            }
            return action.apply(loaded(admission.resident()));
        } finally {
            synchronized (this) {
                admission.resident().uses--;
            }
        }
    }

    /** Whether a model is loaded or being loaded. */
    synchronized boolean contains(String id) {
        return residents.containsKey(id);
    }

    /** The models that are loaded, by id. */
    synchronized Map<String, ServedModel> loaded() {
        Map<String, ServedModel> loaded = new TreeMap<>();
        residents.forEach((id, resident) -> {
            if (resident.model.isDone() && !resident.model.isCompletedExceptionally()) {
                loaded.put(id, resident.model.join());
            }
        });
        return loaded;
    }

    /** Nothing is loaded or used any more. */
    synchronized void refuse() {
        closed = true;
    }

    /** Unloads everything; what is being loaded is waited for. */
    void close() {
        List<Resident> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(residents.values());
            residents.clear();
        }
        for (Resident resident : all) {
            // One that could not be loaded has nothing to close.
            resident.model
                    .thenAccept(ServedModel::close)
                    .exceptionally(failure -> null)
                    .join();
        }
    }

    /** Waits a moment for room: an answer that has ended keeps its model until its reader has heard of the end. */
    private Admission admitPatiently(String id, ModelFootprint footprint) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return admit(id, footprint);
            } catch (InferenceException.NoRoomForModel e) {
                if (e.retryAfterSeconds().isEmpty() || System.nanoTime() >= until) {
                    throw e;
                }
                try {
                    Thread.sleep(PAUSE);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    private synchronized Admission admit(String id, ModelFootprint footprint) {
        if (closed) {
            throw new InferenceException.ShuttingDown();
        }
        Resident resident = residents.get(id);
        boolean load = resident == null;
        List<Resident> leaving = List.of();
        if (resident == null) {
            leaving = leavingFor(id, footprint);
            leaving.forEach(old -> residents.remove(old.id));
            resident = new Resident(id, footprint);
            residents.put(id, resident);
        }
        resident.uses++;
        resident.lastUse = ++clock;
        return new Admission(resident, load, leaving);
    }

    /** The idle models that have to leave for a new one, the longest unused first. */
    private List<Resident> leavingFor(String id, ModelFootprint footprint) {
        List<Resident> leaving = new ArrayList<>();
        if (budget.isEmpty()) {
            return leaving;
        }
        if (footprint.total() > budget.getAsLong()) {
            throw new InferenceException.NoRoomForModel(
                    ("The model '%s' takes %s and the budget is %.1f MiB. Raise the budget,"
                                    + " or choose a smaller model or a smaller key/value cache.")
                            .formatted(id, footprint, mib(budget.getAsLong())),
                    OptionalInt.empty());
        }
        long used =
                residents.values().stream().mapToLong(r -> r.footprint.total()).sum();
        List<Resident> idle = new ArrayList<>(
                residents.values().stream().filter(Resident::idle).toList());
        idle.sort(Comparator.comparingLong(r -> r.lastUse));
        while (used + footprint.total() > budget.getAsLong()) {
            if (idle.isEmpty()) {
                throw new InferenceException.NoRoomForModel(
                        "The model '%s' takes %s; of %.1f MiB the models in use (%s) leave %.1f. Try again in %d s."
                                .formatted(
                                        id,
                                        footprint,
                                        mib(budget.getAsLong()),
                                        inUse(leaving),
                                        mib(budget.getAsLong() - used),
                                        RETRY_SECONDS),
                        OptionalInt.of(RETRY_SECONDS));
            }
            Resident next = idle.removeFirst();
            leaving.add(next);
            used -= next.footprint.total();
        }
        return leaving;
    }

    private String inUse(List<Resident> leaving) {
        return residents.values().stream()
                .filter(r -> !leaving.contains(r))
                .map(r -> "%s %.1f".formatted(r.id, mib(r.footprint.total())))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static double mib(long bytes) {
        return bytes / (double) (1 << 20);
    }

    private void replace(Admission admission, Supplier<ServedModel> load) {
        Resident resident = admission.resident();
        try {
            for (Resident old : admission.leaving()) {
                old.model.join().close();
                LOG.info("model {} was unloaded to make room for {}", old.id, resident.id);
            }
            resident.model.complete(load.get());
        } catch (RuntimeException | Error e) {
            // Out first, so that the next one who wants it tries again.
            synchronized (this) {
                residents.remove(resident.id, resident);
            }
            resident.model.completeExceptionally(e);
        }
    }

    private static ServedModel loaded(Resident resident) {
        try {
            return resident.model.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof InferenceException failure) {
                throw failure;
            }
            throw e;
        }
    }
}

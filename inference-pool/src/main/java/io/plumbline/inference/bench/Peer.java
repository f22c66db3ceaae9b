package io.plumbline.inference.bench;

import io.plumbline.inference.bench.BenchModel.Facts;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** llama.cpp with a model loaded, as long as it can be measured; once it fails, our figures go on without it. */
final class Peer implements AutoCloseable {
    private static final int CONTEXT = 4096;

    private final FigureReport report;
    private @Nullable PeerProcess process;
    private OptionalDouble loadSeconds = OptionalDouble.empty();

    private Peer(FigureReport report) {
        this.report = report;
    }

    /** Starts the peer and loads the model; an absent peer if none is wanted or it fails. */
    static Peer open(ModelBench.Settings settings, Facts facts, FigureReport report) {
        Peer peer = new Peer(report);
        if (settings.peer().isEmpty()) {
            return peer;
        }
        try {
            PeerProcess started = PeerProcess.start(settings.peer());
            peer.process = started;
            double seconds = started.load(facts.file(), settings.threads(), CONTEXT, ModelBench.STREAMS)
                    .path("seconds")
                    .asDouble();
            peer.loadSeconds = OptionalDouble.of(seconds);
        } catch (PeerException e) {
            peer.fail(e);
        }
        return peer;
    }

    /** Seconds it took to load the model and to compute one token. */
    OptionalDouble loadSeconds() {
        return loadSeconds;
    }

    OptionalDouble measure(ToDoubleFunction<PeerProcess> measurement) {
        if (process == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(measurement.applyAsDouble(process));
        } catch (PeerException e) {
            fail(e);
            return OptionalDouble.empty();
        }
    }

    void prepare(Consumer<PeerProcess> preparation) {
        var done = measure(p -> {
            preparation.accept(p);
            return 0;
        });
        if (done.isEmpty() && process != null) {
            close();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    private void fail(PeerException e) {
        report.note("no further figures of llama.cpp for this model: " + e.getMessage());
        close();
    }
}

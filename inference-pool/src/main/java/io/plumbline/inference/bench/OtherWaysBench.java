package io.plumbline.inference.bench;

import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.bench.BenchModel.Stream;
import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Backends;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A single stream decoded with guesses, and without native code. */
final class OtherWaysBench {
    private static final String VECTOR = "vector";

    private final Facts facts;
    private final ModelBench.Settings settings;
    private final FigureReport report;

    OtherWaysBench(Facts facts, ModelBench.Settings settings, FigureReport report) {
        this.facts = facts;
        this.settings = settings;
        this.report = report;
    }

    /** @param peerRates the peer's single-stream rates, measured before */
    void run(List<Double> peerRates) throws IOException {
        List<Double> guessing = rates(settings.backend(), EngineLimits.defaults());
        report.add(Figure.of("decode_guessing", facts.name(), "tok/s", Better.HIGHER, guessing, peerRates));
        boolean there = Backends.probe().stream()
                .anyMatch(probed -> probed.name().equals(VECTOR) && probed.availability() instanceof Available);
        if (there && !settings.backend().equals(VECTOR)) {
            List<Double> fallback = rates(VECTOR, ModelBench.withoutGuesses());
            report.add(Figure.of("decode_vector_api", facts.name(), "tok/s", Better.HIGHER, fallback, peerRates)
                    .withGoal(new Goals(facts).vectorDecode()));
        }
    }

    private List<Double> rates(String backend, EngineLimits limits) throws IOException {
        try (BenchModel model = BenchModel.open(facts, backend, settings.threads(), limits)) {
            List<Stream> streams = model.streams(1, ModelBench.PROMPT);
            int[] pieces = {
                model.answer(streams, ModelBench.DECODE, true).getFirst().tokensOfFirstPiece()
            };
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round < settings.rounds(); round++) {
                rates.add(BenchModel.decodeRate(model.answer(streams, ModelBench.DECODE, false), pieces));
            }
            return rates;
        }
    }
}

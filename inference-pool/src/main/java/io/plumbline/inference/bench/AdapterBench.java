package io.plumbline.inference.bench;

import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.bench.BenchModel.Stream;
import io.plumbline.inference.bench.TimedAnswer.Timed;
import io.plumbline.inference.kernel.ffm.MachinePeaks.Peaks;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Eight streams, each with an adapter of its own: mixed in every step by us, switched between batches by the peer. */
final class AdapterBench {
    private final Facts facts;
    private final ModelBench.Settings settings;
    private final FigureReport report;

    AdapterBench(Facts facts, ModelBench.Settings settings, FigureReport report) {
        this.facts = facts;
        this.settings = settings;
        this.report = report;
    }

    void run(BenchModel model, Peer peer) {
        List<Stream> streams = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < ModelBench.STREAMS; i++) {
            PeftAdapter adapter = RandomAdapter.of(facts.plan(), ModelBench.RANK, i);
            bytes += RandomAdapter.bytes(adapter);
            int[] prompt = model.prompts().text(i, ModelBench.PROMPT);
            streams.add(new Stream(BenchModel.tenant(0), prompt, Optional.of(model.load(adapter, "random-" + i))));
        }
        List<Timed> alone = new ArrayList<>();
        for (Stream stream : streams) {
            alone.addAll(model.answer(List.of(stream), ModelBench.DECODE, true));
        }
        List<Timed> batched = model.answer(streams, ModelBench.DECODE, true);
        report.check(
                "8 streams with 8 adapters bit-equal to each alone",
                facts.name(),
                ModelBench.firstDifference(alone, batched));
        peer.prepare(p -> p.makeAdapters(ModelBench.STREAMS, ModelBench.RANK));
        timed(model, streams, alone, peer, bytes);
    }

    private void timed(BenchModel model, List<Stream> streams, List<Timed> alone, Peer peer, long bytes) {
        List<String> texts = alone.stream().map(Timed::text).toList();
        int[] pieces = firstPieces(alone);
        List<Stream> plain = streams.stream()
                .map(stream -> new Stream(stream.tenant(), stream.prompt(), Optional.empty()))
                .toList();
        int[] plainPieces = firstPieces(model.answer(plain, ModelBench.DECODE, true));
        List<Double> own = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        String wrong = "";
        for (int round = 0; round < settings.rounds(); round++) {
            List<Timed> answers = model.answer(streams, ModelBench.DECODE, false);
            own.add(BenchModel.decodeRate(answers, pieces));
            wrong = wrong.isEmpty() ? ModelBench.textDifference(texts, answers) : wrong;
            without.add(BenchModel.decodeRate(model.answer(plain, ModelBench.DECODE, false), plainPieces));
            peer.measure(p -> p.decodeWithAdapters(ModelBench.PROMPT, ModelBench.DECODE / ModelBench.STREAMS))
                    .ifPresent(others::add);
        }
        Figure figure = Figure.of("decode_8_adapters", facts.name(), "tok/s", Better.HIGHER, own, others)
                .withGoal(new Goals(facts).adapters());
        report.add(figure);
        report.check("the timed answers are those", facts.name(), wrong);
        double added = ModelBench.STREAMS / figure.value() - ModelBench.STREAMS / new Samples(without).largest();
        settings.peaks().ifPresent(peaks -> time(bytes, added, peaks));
    }

    private static int[] firstPieces(List<Timed> answers) {
        return answers.stream().mapToInt(Timed::tokensOfFirstPiece).toArray();
    }

    /** What the adapters add to a step, as a multiple of the time to read them from memory once. */
    private void time(long bytes, double addedSeconds, Peaks peaks) {
        double least = bytes / peaks.bytesPerSecond();
        report.add(Figure.alone("adapter_time", facts.name(), "x read", Better.LOWER, Samples.of(addedSeconds / least))
                .withGoal(Optional.of(Goals.adapterTime())));
    }
}

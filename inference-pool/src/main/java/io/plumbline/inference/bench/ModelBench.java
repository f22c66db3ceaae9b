package io.plumbline.inference.bench;

import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.bench.BenchModel.Stream;
import io.plumbline.inference.bench.TimedAnswer.Timed;
import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.kernel.ffm.MachinePeaks.Peaks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All figures of one model: ours and the peer's in turn, so that what disturbs the machine disturbs both. */
final class ModelBench {
    static final int PROMPT = 16;
    static final int DECODE = 128;
    static final int PREFILL = 512;
    static final int STREAMS = 8;
    static final int RANK = 8;
    private static final int CHECKED_TOKENS = 24;
    private static final double MEGABYTE = 1e6;

    private final Facts facts;
    private final Settings settings;
    private final FigureReport report;
    private final Goals goals;
    private final List<Double> peerRates = new ArrayList<>();

    /**
     * How to measure.
     *
     * @param backend kernel backend, or auto
     * @param threads of the backend, and of the peer
     * @param rounds repetitions of each figure
     * @param peer the command that starts the peer; empty = none
     * @param peaks what the machine can do, if it could be measured
     */
    record Settings(String backend, int threads, int rounds, List<String> peer, Optional<Peaks> peaks) {}

    ModelBench(Facts facts, Settings settings, FigureReport report) {
        this.facts = facts;
        this.settings = settings;
        this.report = report;
        this.goals = new Goals(facts);
    }

    /** Measures everything. */
    void run() throws IOException {
        report.section("%s, %d threads".formatted(facts.name(), settings.threads()));
        warmPageCache();
        coldStart();
        try (BenchModel model = BenchModel.open(facts, settings.backend(), settings.threads(), withoutGuesses());
                Peer peer = Peer.open(settings, facts, report)) {
            report.note("through the engine, without guessing ahead as the peer decodes, on "
                    + model.served().backendDescription());
            Expected expected = expect(model);
            prefill(model, peer);
            decode("decode", model, expected, 1, peer, goals.decode());
            decode("decode_8_streams", model, expected, STREAMS, peer, goals.streams());
            new AdapterBench(facts, settings, report).run(model, peer);
        }
        new OtherWaysBench(facts, settings, report).run(peerRates);
    }

    /**
     * The engine's default settings but for guesses: what greedy decoding of a small model repeats would be guessed
     * right more often than real answers are.
     */
    static EngineLimits withoutGuesses() {
        EngineLimits defaults = EngineLimits.defaults();
        return defaults.withScheduling(defaults.scheduling().withGuessesUpTo(0));
    }

    /** Reads the file once, so that loading is measured and not the disk. */
    private void warmPageCache() throws IOException {
        Files.copy(facts.file(), OutputStream.nullOutputStream());
    }

    private void coldStart() throws IOException {
        List<Double> own = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            own.add(ColdStart.loadSeconds(facts, settings.backend(), settings.threads()));
            try (Peer peer = Peer.open(settings, facts, report)) {
                peer.loadSeconds().ifPresent(others::add);
            }
        }
        report.add(figure("load_to_first_token", "s", Better.LOWER, own, others, goals.load()));
        double beyond = ColdStart.memoryBeyond(facts, settings.backend(), settings.threads());
        report.add(Figure.alone("memory_beyond", facts.name(), "MB", Better.LOWER, Samples.of(beyond / MEGABYTE))
                .withGoal(goals.memory()));
    }

    /**
     * What the streams of the timed runs must answer.
     *
     * @param texts by stream
     * @param firstPieces tokens in the first piece of each text
     */
    record Expected(List<String> texts, int[] firstPieces) {}

    /** Every stream alone; the first one against the reference backend, and all of them again in one batch. */
    private Expected expect(BenchModel model) throws IOException {
        List<Stream> streams = model.streams(STREAMS, PROMPT);
        List<Timed> alone = new ArrayList<>();
        for (Stream stream : streams) {
            alone.addAll(model.answer(List.of(stream), DECODE, true));
        }
        String backend = model.served().backendDescription().replaceFirst(" .*", "");
        var check = new ReferenceCheck(
                facts.file(), backend, model.prompts().neverEnd().keySet());
        report.check(
                "%d greedy tokens and their log-probabilities as the reference backend has them"
                        .formatted(CHECKED_TOKENS),
                facts.name(),
                check.problem(streams.getFirst().prompt(), alone.getFirst(), CHECKED_TOKENS));
        List<Timed> batched = model.answer(streams, DECODE, true);
        report.check("8 streams in one batch bit-equal to each alone", facts.name(), firstDifference(alone, batched));
        return new Expected(
                alone.stream().map(Timed::text).toList(),
                alone.stream().mapToInt(Timed::tokensOfFirstPiece).toArray());
    }

    /** Where answers differ in a token or in the last bit of a log-probability; empty if nowhere. */
    static String firstDifference(List<Timed> expected, List<Timed> found) {
        for (int stream = 0; stream < expected.size(); stream++) {
            var a = expected.get(stream).logprobs();
            var b = found.get(stream).logprobs();
            for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
                if (i >= Math.min(a.size(), b.size())
                        || a.get(i).token() != b.get(i).token()
                        || a.get(i).logprob() != b.get(i).logprob()) {
                    return "stream %d differs from token %d on".formatted(stream, i);
                }
            }
        }
        return "";
    }

    private void prefill(BenchModel model, Peer peer) {
        List<Double> own = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        int length = Math.min(PREFILL, model.served().engine().contextLength() - 1);
        model.prefillRate(model.prompts().noise(-1, length)); // compiles what the timed ones run
        for (int round = 0; round < settings.rounds(); round++) {
            own.add(model.prefillRate(model.prompts().noise(round, length)));
            peer.measure(p -> p.prefill(length)).ifPresent(others::add);
        }
        report.add(figure("prefill_" + length, "tok/s", Better.HIGHER, own, others, goals.prefill()));
    }

    private void decode(String name, BenchModel model, Expected expected, int count, Peer peer, Optional<Goal> goal) {
        List<Double> own = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        List<Stream> streams = model.streams(count, PROMPT);
        String wrong = "";
        for (int round = 0; round < settings.rounds(); round++) {
            List<Timed> answers = model.answer(streams, DECODE, false);
            own.add(BenchModel.decodeRate(answers, expected.firstPieces()));
            wrong = wrong.isEmpty() ? textDifference(expected.texts(), answers) : wrong;
            peer.measure(p -> p.decode(count, PROMPT, DECODE)).ifPresent(others::add);
        }
        Figure figure = figure(name, "tok/s", Better.HIGHER, own, others, goal);
        report.add(figure);
        report.check("the timed answers are those", facts.name(), wrong);
        if (count == 1) {
            peerRates.addAll(others);
        }
    }

    /** Which answer has another text than expected; empty if none. */
    static String textDifference(List<String> expected, List<Timed> answers) {
        for (int stream = 0; stream < answers.size(); stream++) {
            if (!answers.get(stream).text().equals(expected.get(stream))) {
                return "stream %d answered otherwise while it was timed".formatted(stream);
            }
        }
        return "";
    }

    private Figure figure(
            String name, String unit, Better better, List<Double> own, List<Double> others, Optional<Goal> goal) {
        return Figure.of(name, facts.name(), unit, better, own, others).withGoal(goal);
    }
}

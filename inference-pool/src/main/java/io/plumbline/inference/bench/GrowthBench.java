package io.plumbline.inference.bench;

import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.bench.BenchModel.Stream;
import io.plumbline.inference.bench.TimedAnswer.Timed;
import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.scheduler.SchedulerLimits;
import io.plumbline.inference.weights.PeftAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How cost grows: with the batch, the context, the adapters and the tenants. */
final class GrowthBench {
    private static final int MOST_STREAMS = 64;
    private static final int MOST_ADAPTERS = 256;
    private static final int SHORTEST_CONTEXT = 128;
    private static final int LONGEST_CONTEXT = 32_768;
    private static final int DECODE = 32;
    private static final int DISTINCT_ADAPTERS = 8;
    /** A context is skipped if its prompt alone would take longer. */
    private static final double MOST_SECONDS = 3600;

    private static final double MEGABYTE = 1e6;

    private final Facts facts;
    private final ModelBench.Settings settings;
    private final FigureReport report;

    GrowthBench(Facts facts, ModelBench.Settings settings, FigureReport report) {
        this.facts = facts;
        this.settings = settings;
        this.report = report;
    }

    void run(Set<BenchPart> parts) throws IOException {
        report.section("%s: growth".formatted(facts.name()));
        EngineLimits defaults = EngineLimits.defaults();
        EngineLimits wide = new EngineLimits(
                new SchedulerLimits(Math.max(defaults.scheduling().tokensPerStep(), 2 * MOST_STREAMS), MOST_STREAMS),
                MOST_STREAMS * 8 * defaults.blockSize(),
                defaults.blockSize(),
                defaults.admission(),
                defaults.adapters());
        try (BenchModel model = BenchModel.open(facts, settings.backend(), settings.threads(), wide)) {
            if (parts.contains(BenchPart.BATCH)) {
                batches(model);
            }
            if (parts.contains(BenchPart.TENANTS)) {
                tenants(model);
            }
            if (parts.contains(BenchPart.ADAPTERS)) {
                adapters(model);
            }
        }
        if (parts.contains(BenchPart.CONTEXT)) {
            contexts(defaults);
        }
    }

    private void batches(BenchModel model) {
        for (int streams = 1; streams <= MOST_STREAMS; streams *= 2) {
            add("batch_" + streams, "tok/s", Better.HIGHER, rate(model, model.streams(streams, ModelBench.PROMPT)));
        }
    }

    private void tenants(BenchModel model) {
        for (int tenants = 1; tenants <= MOST_STREAMS; tenants *= 2) {
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < MOST_STREAMS; i++) {
                streams.add(new Stream(
                        BenchModel.tenant(i % tenants), model.prompts().text(i, ModelBench.PROMPT), Optional.empty()));
            }
            add("tenants_" + tenants, "tok/s", Better.HIGHER, rate(model, streams));
        }
    }

    /** So many adapters loaded, and as many of them at work as there are streams. */
    private void adapters(BenchModel model) {
        List<PeftAdapter> contents = new ArrayList<>();
        for (int i = 0; i < DISTINCT_ADAPTERS; i++) {
            contents.add(RandomAdapter.of(facts.plan(), ModelBench.RANK, i));
        }
        List<AdapterId> loaded = new ArrayList<>();
        for (int count = 1; count <= MOST_ADAPTERS; count *= 2) {
            while (loaded.size() < count) {
                PeftAdapter content = contents.get(loaded.size() % contents.size());
                loaded.add(model.load(content, "growth-" + loaded.size()));
            }
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < MOST_STREAMS; i++) {
                // The latest ones, so that adapters used before do not stay in the processor's cache.
                AdapterId adapter = loaded.get(loaded.size() - 1 - i % count);
                streams.add(new Stream(
                        BenchModel.tenant(0), model.prompts().text(i, ModelBench.PROMPT), Optional.of(adapter)));
            }
            add("adapters_" + count, "tok/s", Better.HIGHER, rate(model, streams));
        }
    }

    /** Time of one decoding step of one stream behind a prompt of that length, and the prompt's own rate. */
    private void contexts(EngineLimits defaults) throws IOException {
        double perToken = 0;
        int end = Math.min(LONGEST_CONTEXT, facts.plan().contextLength());
        // The last one is the model's end, whether or not it is a power of two.
        for (int doubled = SHORTEST_CONTEXT; doubled < 2 * end; doubled *= 2) {
            int context = Math.min(doubled, end);
            // Attention makes the doubled prompt cost up to four times as much.
            if (perToken * 2 * context > MOST_SECONDS) {
                report.note("contexts from %d on are left out: a prompt would take more than %.0f s"
                        .formatted(context, MOST_SECONDS));
                return;
            }
            perToken = context(defaults.withCacheTokens(context + defaults.blockSize()), context);
        }
    }

    private double context(EngineLimits limits, int context) throws IOException {
        try (BenchModel model = BenchModel.open(facts, settings.backend(), settings.threads(), limits)) {
            int[] prompt = model.prompts().noise(0, context - DECODE);
            List<Stream> stream = List.of(new Stream(BenchModel.tenant(0), prompt, Optional.empty()));
            long start = System.nanoTime();
            Timed whole = model.answer(stream, DECODE, true).getFirst();
            double prefill = (whole.times().first() - start) / 1e9;
            add("context_%d_prefill".formatted(context), "tok/s", Better.HIGHER, List.of(prompt.length / prefill));
            double rate = BenchModel.decodeRate(List.of(whole), new int[] {whole.tokensOfFirstPiece()});
            add("context_%d_decode".formatted(context), "ms/token", Better.LOWER, List.of(1000 / rate));
            add(
                    "context_%d_memory".formatted(context),
                    "MB",
                    Better.LOWER,
                    List.of(ColdStart.residentBytes() / MEGABYTE));
            return prefill / prompt.length;
        }
    }

    private List<Double> rate(BenchModel model, List<Stream> streams) {
        int[] pieces = model.answer(streams, DECODE, true).stream()
                .mapToInt(Timed::tokensOfFirstPiece)
                .toArray();
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            rates.add(BenchModel.decodeRate(model.answer(streams, DECODE, false), pieces));
        }
        return Collections.unmodifiableList(rates);
    }

    private void add(String name, String unit, Better better, List<Double> values) {
        report.add(Figure.alone(name, facts.name(), unit, better, new Samples(values)));
    }
}

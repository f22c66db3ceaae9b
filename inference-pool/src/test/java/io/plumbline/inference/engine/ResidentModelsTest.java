package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.InferenceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResidentModelsTest {
    private static final ModelFootprint MEGABYTE = new ModelFootprint(1 << 20, 0, 0);

    private final ResidentModels residents = new ResidentModels(OptionalLong.of(2 << 20));
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void close() {
        residents.close();
    }

    @Test
    void howeverManyWantAModelItIsLoadedOnceAndOthersServeMeanwhile() {
        CountDownLatch loading = new CountDownLatch(1);
        residents.use("serving", MEGABYTE, this::load, ServedModel::engine);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Integer>> wanted = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                wanted.add(CompletableFuture.supplyAsync(
                        () -> residents.use(
                                "slow",
                                MEGABYTE,
                                () -> {
                                    await(loading);
                                    return load();
                                },
                                model -> model.engine().contextLength()),
                        threads));
            }
            assertThat(residents.<Integer>use("serving", MEGABYTE, this::load, model -> model.engine()
                            .contextLength()))
                    .isPositive();
            assertThat(residents.loaded()).containsOnlyKeys("serving");
            loading.countDown();
            wanted.forEach(one -> assertThat(one.join()).isPositive());
        }
        assertThat(loads).hasValue(2);
    }

    @Test
    void whatCouldNotBeLoadedIsTriedAgain() {
        InferenceException.InvalidPrompt failure = new InferenceException.InvalidPrompt("the disk is away");
        assertThatExceptionOfType(InferenceException.InvalidPrompt.class)
                .isThrownBy(() -> residents.use(
                        "one",
                        MEGABYTE,
                        () -> {
                            throw failure;
                        },
                        model -> model));
        assertThat(residents.contains("one")).isFalse();
        residents.use("one", MEGABYTE, this::load, model -> model.engine().contextLength());
        assertThat(residents.loaded()).containsOnlyKeys("one");
    }

    @Test
    void aModelLeavesOnlyWhenNobodyUsesIt() {
        residents.use("one", MEGABYTE, this::load, one -> {
            residents.use("two", MEGABYTE, this::load, two -> {
                assertThatExceptionOfType(InferenceException.NoRoomForModel.class)
                        .isThrownBy(() -> residents.use("three", MEGABYTE, this::load, three -> three))
                        .withMessageContaining("one 1.0, two 1.0");
                return two;
            });
            return residents.use("three", MEGABYTE, this::load, three -> three);
        });
        assertThat(residents.loaded()).containsOnlyKeys("one", "three");
    }

    private ServedModel load() {
        loads.incrementAndGet();
        try {
            return ServedModel.open(
                    "tiny",
                    TestModels.path("llama-untied.F32.gguf"),
                    "reference",
                    new BackendOptions(1),
                    EngineLimits.defaults().withCacheTokens(64));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.plumbline.platform.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EmbeddingWorkersTest {
    @Test
    void resultsKeepTheirOrder() throws InterruptedException {
        try (EmbeddingWorkers workers = new EmbeddingWorkers(3, 1)) {
            assertThat(workers.compute(100, i -> i, () -> false))
                    .hasSize(100)
                    .isSorted()
                    .startsWith(0);
        }
    }

    @Test
    void aSmallRequestPassesALargeOne() throws InterruptedException, ExecutionException {
        CountDownLatch smallIsDone = new CountDownLatch(1);
        CountDownLatch largeHasBegun = new CountDownLatch(1);
        try (EmbeddingWorkers workers = new EmbeddingWorkers(1, 2);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> large = callers.submit(() -> workers.compute(
                    50,
                    i -> {
                        largeHasBegun.countDown();
                        if (i == 49) {
                            await(smallIsDone); // the last text ends only if the small request came before it
                        }
                        return i;
                    },
                    () -> false));
            largeHasBegun.await();
            assertThat(workers.compute(1, i -> "small", () -> false)).containsExactly("small");
            smallIsDone.countDown();
            large.get();
        }
    }

    @Test
    void whoHangsUpGetsNoFurtherText() throws InterruptedException {
        AtomicBoolean hungUp = new AtomicBoolean();
        AtomicInteger computed = new AtomicInteger();
        try (EmbeddingWorkers workers = new EmbeddingWorkers(1, 1)) {
            int results = workers.compute(
                            1000,
                            i -> {
                                hungUp.set(i == 2 || hungUp.get());
                                return computed.incrementAndGet();
                            },
                            hungUp::get)
                    .size();

            assertThat(results).isEqualTo(computed.get()).isBetween(3, 5);
        }
    }

    @Test
    void moreRequestsThanAllowedAreRefusedAndRoomComesBack() throws InterruptedException {
        try (EmbeddingWorkers workers = new EmbeddingWorkers(1, 1)) {
            assertThat(workers.compute(
                            1,
                            i -> {
                                assertThatThrownBy(() -> workers.compute(1, j -> j, () -> false))
                                        .isInstanceOf(EmbeddingsOverloaded.class);
                                return "first";
                            },
                            () -> false))
                    .containsExactly("first");
            assertThat(workers.compute(1, i -> "next", () -> false)).containsExactly("next");
        }
    }

    @Test
    void aFailureArrivesAndRoomComesBack() throws InterruptedException {
        try (EmbeddingWorkers workers = new EmbeddingWorkers(1, 1)) {
            assertThatThrownBy(() -> workers.compute(
                            3,
                            i -> {
                                throw new IllegalStateException("broken");
                            },
                            () -> false))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("broken");
            assertThat(workers.compute(1, i -> "next", () -> false)).containsExactly("next");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

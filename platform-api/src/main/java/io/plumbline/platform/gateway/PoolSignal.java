package io.plumbline.platform.gateway;

import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;

/** What the pool's thread tells the caller's. */
sealed interface PoolSignal {
    int choice();

    record Text(int choice, TextDelta delta) implements PoolSignal {}

    record Finished(int choice, FinishedCompletion finished) implements PoolSignal {}

    record Failed(int choice, InferenceException failure) implements PoolSignal {}
}

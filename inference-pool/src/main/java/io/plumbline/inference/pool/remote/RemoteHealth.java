package io.plumbline.inference.pool.remote;

import java.util.List;

/** What a remote engine answered when it was asked how it is. */
public sealed interface RemoteHealth {
    /** @param models the names of the models it lists */
    record Up(List<String> models) implements RemoteHealth {
        public Up {
            models = List.copyOf(models);
        }
    }

    /** @param reason why it cannot serve, for operators */
    record Down(String reason) implements RemoteHealth {}
}

package io.plumbline.platform.embedding;

import io.plumbline.platform.catalogue.ListedModel;
import io.plumbline.platform.catalogue.ModelTask;
import io.plumbline.platform.catalogue.ServedModels;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The embedding model that ships with the product. */
@ApplicationScoped
class ServedEmbeddingModels implements ServedModels {
    private final Instant since;

    @Inject
    ServedEmbeddingModels(Clock clock) {
        this.since = clock.instant();
    }

    @Override
    public List<ListedModel> models() {
        return List.of(new ListedModel(EmbeddingModel.ID, ModelTask.EMBEDDING, since, "plumbline", List.of()));
    }
}

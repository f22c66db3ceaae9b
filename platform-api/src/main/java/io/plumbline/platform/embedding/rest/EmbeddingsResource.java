package io.plumbline.platform.embedding.rest;

import io.plumbline.platform.embedding.EmbeddingOrder;
import io.plumbline.platform.embedding.Embeddings;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** OpenAI's embeddings. */
@Path("/v1/embeddings")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Embeddings")
public class EmbeddingsResource {
    private final Embeddings embeddings;
    private final CurrentCaller caller;

    @Inject
    EmbeddingsResource(Embeddings embeddings, CurrentCaller caller) {
        this.embeddings = embeddings;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.INFERENCE)
    @Operation(
            operationId = "createEmbeddings",
            summary = "Turn texts into vectors",
            description =
                    "Vectors have length 1, so that their dot product is the cosine. A text of more than 512 tokens is"
                            + " refused, not cut off. The same text gives the same bits whatever else is asked for with it.")
    public EmbeddingList create(@NotNull EmbeddingRequest request, RoutingContext http) throws InterruptedException {
        EmbeddingOrder order = EmbeddingRequestReader.read(request);
        EncodingFormat format = EncodingFormat.of(request.encodingFormat());
        // Comes at the end of every response, also when the client went away before it.
        AtomicBoolean ended = new AtomicBoolean();
        http.addEndHandler(end -> ended.set(true));
        return EmbeddingList.of(embeddings.embed(caller.get(), order, ended::get), order.model(), format);
    }
}

package io.plumbline.platform.finetuning.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobCheckpoint;
import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.Slice;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.finetuning.FineTuning;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** OpenAI's fine-tuning jobs. */
@Path("/v1/fine_tuning/jobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Fine-tuning")
public class FineTuningJobsResource {
    private static final int MAX_LIMIT = 100;

    private final FineTuning fineTuning;
    private final CurrentCaller caller;
    private final Clock clock;
    private final JobOrderReader reader = new JobOrderReader();

    @Inject
    FineTuningJobsResource(FineTuning fineTuning, CurrentCaller caller, Clock clock) {
        this.fineTuning = fineTuning;
        this.caller = caller;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.FINE_TUNING_WRITE)
    @Operation(
            operationId = "createFineTuningJob",
            summary = "Fine-tune a base model on a file; the job is worked on in the background")
    public JobView create(@NotNull NewJobBody body) {
        return view(fineTuning.create(caller.get(), reader.read(body)));
    }

    @GET
    @RequiresScope(Scope.FINE_TUNING_READ)
    @Operation(operationId = "listFineTuningJobs", summary = "The tenant's jobs, newest first")
    public JobList list(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("20") int limit,
            @Context UriInfo uri) {
        if (uri.getQueryParameters().keySet().stream().anyMatch(name -> name.startsWith("metadata"))) {
            throw new InvalidRequest("metadata", "Jobs cannot be filtered by metadata; leave 'metadata' out.");
        }
        Slice<FineTuningJob> slice = fineTuning.list(Optional.ofNullable(after), checked(limit));
        return new JobList("list", slice.items().stream().map(this::view).toList(), slice.more());
    }

    @GET
    @Path("{id}")
    @RequiresScope(Scope.FINE_TUNING_READ)
    @Operation(operationId = "getFineTuningJob", summary = "One job")
    public JobView get(@PathParam("id") String id) {
        return view(fineTuning.get(id));
    }

    @POST
    @Path("{id}/cancel")
    @RequiresScope(Scope.FINE_TUNING_WRITE)
    @Operation(operationId = "cancelFineTuningJob", summary = "End a job for good")
    public JobView cancel(@PathParam("id") String id) {
        return view(fineTuning.cancel(caller.get(), id));
    }

    @GET
    @Path("{id}/events")
    @RequiresScope(Scope.FINE_TUNING_READ)
    @Operation(operationId = "listFineTuningEvents", summary = "What a job reported, newest first")
    public EventList events(
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("20") int limit) {
        Slice<JobEvent> slice = fineTuning.events(id, Optional.ofNullable(after), checked(limit));
        return new EventList("list", slice.items().stream().map(EventView::of).toList(), slice.more());
    }

    @GET
    @Path("{id}/checkpoints")
    @RequiresScope(Scope.FINE_TUNING_READ)
    @Operation(operationId = "listFineTuningJobCheckpoints", summary = "The points a job can go on from, newest first")
    public CheckpointList checkpoints(
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("10") int limit) {
        FineTuningJob job = fineTuning.get(id);
        Slice<JobCheckpoint> slice = fineTuning.checkpoints(job, Optional.ofNullable(after), checked(limit));
        List<CheckpointView> data =
                slice.items().stream().map(c -> CheckpointView.of(job, c)).toList();
        return new CheckpointList(
                "list",
                data,
                data.isEmpty() ? null : data.getFirst().id(),
                data.isEmpty() ? null : data.getLast().id(),
                slice.more());
    }

    private JobView view(FineTuningJob job) {
        return JobView.of(job, clock.instant());
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidRequest("limit", "'limit' is 1 to %d, not %d.".formatted(MAX_LIMIT, limit));
        }
        return limit;
    }

    /** @param hasMore whether {@code after} of the last one shows further ones */
    public record JobList(
            String object,
            List<JobView> data,
            @JsonProperty("has_more") boolean hasMore) {}

    /** @param hasMore whether {@code after} of the last one shows further ones */
    public record EventList(
            String object,
            List<EventView> data,
            @JsonProperty("has_more") boolean hasMore) {}

    /** @param hasMore whether {@code after} of the last one shows further ones */
    public record CheckpointList(
            String object,
            List<CheckpointView> data,
            @JsonProperty("first_id") @Nullable String firstId,
            @JsonProperty("last_id") @Nullable String lastId,
            @JsonProperty("has_more") boolean hasMore) {}
}

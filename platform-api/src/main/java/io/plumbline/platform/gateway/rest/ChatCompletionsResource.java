package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.platform.error.ErrorMapper;
import io.plumbline.platform.error.rest.RequestIds;
import io.plumbline.platform.gateway.ChatAnswers;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.gateway.StoredAnswers;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** OpenAI's chat completions. */
@Path("/v1/chat/completions")
@RunOnVirtualThread
@Tag(name = "Chat")
public class ChatCompletionsResource {
    /** Response header: rules that fired, as {@code PRI-001@1}; for a stream those of the question. */
    static final String VERDICTS = "x-plumbline-verdicts";

    private final ChatAnswers answers;
    private final StoredAnswers stored;
    private final CurrentCaller currentCaller;
    private final ObjectMapper json;
    private final ErrorMapper errors;

    @Inject
    ChatCompletionsResource(
            ChatAnswers answers,
            StoredAnswers stored,
            CurrentCaller currentCaller,
            ObjectMapper json,
            ErrorMapper errors) {
        this.answers = answers;
        this.stored = stored;
        this.currentCaller = currentCaller;
        this.json = json;
        this.errors = errors;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
    @RequiresScope(Scope.INFERENCE)
    @Operation(
            operationId = "createChatCompletion",
            summary = "Answer a conversation, at once or as a stream",
            description =
                    "Question and answer are screened. A question or answer that a rule withholds is answered with"
                            + " 200, finish_reason content_filter and the rule's message.")
    @APIResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = ChatCompletion.class)),
                @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = ChatChunk.class))
            })
    public Response create(@NotNull ChatRequest request, RoutingContext http)
            throws InterruptedException, JsonProcessingException {
        ChatQuestion question = ChatRequestReader.read(request);
        Caller caller = currentCaller.get();
        RunningAnswer answer = answers.begin(caller, question);
        // Comes at the end of every response, also when the client went away: cancelling what has ended does nothing.
        http.addEndHandler(ended -> answer.cancel());
        if (Boolean.TRUE.equals(request.stream())) {
            ChatStream.Tools tools = new ChatStream.Tools(json, errors, stored);
            return response(
                    answer,
                    MediaType.SERVER_SENT_EVENTS,
                    new ChatStream(answer, request, caller, RequestIds.of(http), tools));
        }
        ChatCompletion completion = collect(answer, question, request);
        String body = json.writeValueAsString(completion);
        if (question.store()) {
            stored.add(caller, answer.id(), question.model(), body);
        }
        return response(answer, MediaType.APPLICATION_JSON, body);
    }

    @GET
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.INFERENCE)
    @Operation(operationId = "getChatCompletion", summary = "An answer that was asked for with store: true")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ChatCompletion.class)))
    public Response get(@PathParam("id") String id) {
        return Response.ok(stored.body(id)).build();
    }

    @DELETE
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.INFERENCE)
    @Operation(operationId = "deleteChatCompletion", summary = "Delete a stored answer")
    public Deleted delete(@PathParam("id") String id) {
        stored.delete(id);
        return new Deleted(id, "chat.completion.deleted", true);
    }

    private static ChatCompletion collect(RunningAnswer answer, ChatQuestion question, ChatRequest request)
            throws InterruptedException {
        CollectedAnswer collected =
                new CollectedAnswer(question.choices(), question.topLogprobs().isPresent());
        while (!answer.ended()) {
            answer.next().ifPresent(collected::add);
        }
        return collected.completion(answer, request);
    }

    private static Response response(RunningAnswer answer, String type, Object entity) {
        Response.ResponseBuilder response = Response.ok(entity).type(type).header("Cache-Control", "no-store");
        List<String> rules = answer.firedRules();
        if (!rules.isEmpty()) {
            response.header(VERDICTS, String.join(", ", rules));
        }
        return response.build();
    }

    @Schema(name = "ChatCompletionDeleted")
    public record Deleted(String id, String object, boolean deleted) {}
}

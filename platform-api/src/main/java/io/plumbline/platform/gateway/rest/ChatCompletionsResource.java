package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.compliance.rule.Domain;
import io.plumbline.platform.error.ErrorMapper;
import io.plumbline.platform.error.rest.RequestIds;
import io.plumbline.platform.gateway.ChatAnswers;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.gateway.Piece;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.gateway.StoredAnswer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** Response header: the case under which a person decides on the answer. */
    static final String CASE = "x-plumbline-case";

    /** Response header: rules whose words stand beside the content; for a stream those that are certain when it begins. */
    static final String NOTICES = "x-plumbline-notices";

    /** Response header beside an AI label that stands outside the content; its only value is {@link #AI_GENERATED}. */
    static final String LABEL = "x-plumbline-label";

    static final String AI_GENERATED = "ai-generated";

    private final ChatAnswers answers;
    private final StoredAnswers stored;
    private final AnswerKeeper keeper;
    private final CurrentCaller currentCaller;
    private final ObjectMapper json;
    private final ErrorMapper errors;

    @Inject
    ChatCompletionsResource(
            ChatAnswers answers,
            StoredAnswers stored,
            AnswerKeeper keeper,
            CurrentCaller currentCaller,
            ObjectMapper json,
            ErrorMapper errors) {
        this.answers = answers;
        this.stored = stored;
        this.keeper = keeper;
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
                            + " 200, finish_reason content_filter and the rule's message. Where a person decides, the"
                            + " header x-plumbline-case names the case (in a stream also the last chunk of the"
                            + " choice), and GET /v1/chat/completions/{id} returns the final answer once it is decided."
                            + " Words that rules add to an answer in a form (response_format, structured_outputs, calls)"
                            + " stand in choices[].plumbline.notices, and x-plumbline-notices names those rules.")
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
            return stream(answer, new ChatStream.Asked(request, caller, RequestIds.of(http)), question);
        }
        EndedAnswer ended = collect(caller, answer, question, request);
        return response(answer, MediaType.APPLICATION_JSON, ended.kept().body(), Optional.of(ended));
    }

    private Response stream(RunningAnswer answer, ChatStream.Asked asked, ChatQuestion question)
            throws InterruptedException, JsonProcessingException {
        ChatStream.Tools tools = new ChatStream.Tools(json, errors, keeper);
        // Where nothing leaves before the end anyway, the headers can wait for it and name the case.
        Optional<EndedAnswer> ended = answer.silent()
                ? Optional.of(collect(asked.caller(), answer, question, asked.request()))
                : Optional.empty();
        return response(answer, MediaType.SERVER_SENT_EVENTS, new ChatStream(answer, asked, tools, ended), ended);
    }

    @GET
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.INFERENCE)
    @Operation(
            operationId = "getChatCompletion",
            summary = "An answer that was asked for with store: true, or that was held",
            description =
                    "While a reviewer decides, the answer is the one that was sent: finish_reason content_filter."
                            + " Then it is the released one, or says that it was not released. x-plumbline-case names the case.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ChatCompletion.class)))
    public Response get(@PathParam("id") String id) throws JsonProcessingException {
        StoredAnswer answer = stored.get(id);
        Response.ResponseBuilder response = Response.ok(answer.body()).header("Cache-Control", "no-store");
        answer.caseId().ifPresent(caseId -> response.header(CASE, caseId.value()));
        List<String> rules = new ArrayList<>();
        for (JsonNode choice : json.readTree(answer.body()).path("choices")) {
            choice.at("/plumbline/notices")
                    .forEach(notice -> rules.add(notice.path("rule").asText()));
        }
        tellNotices(response, rules.stream().distinct().toList());
        return response.build();
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

    private EndedAnswer collect(Caller caller, RunningAnswer answer, ChatQuestion question, ChatRequest request)
            throws InterruptedException, JsonProcessingException {
        CollectedAnswer collected =
                new CollectedAnswer(question.choices(), question.topLogprobs().isPresent());
        List<Piece> pieces = new ArrayList<>();
        while (!answer.ended()) {
            answer.next().ifPresent(pieces::add);
        }
        pieces.forEach(collected::add);
        return new EndedAnswer(pieces, keeper.keep(caller, answer, request, collected.completion(answer, request)));
    }

    /** @param ended the answer, where the response could wait for its end */
    private static Response response(RunningAnswer answer, String type, Object entity, Optional<EndedAnswer> ended) {
        Response.ResponseBuilder response = Response.ok(entity).type(type).header("Cache-Control", "no-store");
        ended.flatMap(whole -> whole.kept().caseId()).ifPresent(id -> response.header(CASE, id.value()));
        tellNotices(response, ended.map(EndedAnswer::notices).orElseGet(answer::announced));
        List<String> rules = answer.firedRules();
        if (!rules.isEmpty()) {
            response.header(VERDICTS, String.join(", ", rules));
        }
        return response.build();
    }

    private static void tellNotices(Response.ResponseBuilder response, List<String> rules) {
        if (!rules.isEmpty()) {
            response.header(NOTICES, String.join(", ", rules));
        }
        if (rules.stream().anyMatch(rule -> rule.startsWith(Domain.LBL.name()))) {
            response.header(LABEL, AI_GENERATED);
        }
    }

    @Schema(name = "ChatCompletionDeleted")
    public record Deleted(String id, String object, boolean deleted) {}
}

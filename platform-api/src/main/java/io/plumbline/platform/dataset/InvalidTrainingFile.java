package io.plumbline.platform.dataset;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;
import java.util.List;
import java.util.stream.Collectors;

/** A training file has broken lines, or lines that a rule refuses. Nothing of it was stored. */
@AnswersWith(status = 400, code = "invalid_training_file")
public final class InvalidTrainingFile extends PlatformException {
    private static final long serialVersionUID = 1L;

    // An exception is serialisable by type, and nobody serialises this one.
    private final transient RefusedData found;

    public InvalidTrainingFile(RefusedData found) {
        super(text(found.problems(), found.problemCount()), "file");
        this.found = found;
    }

    /** The problems one by one. */
    public RefusedData found() {
        return found;
    }

    private static String text(List<DataProblem> listed, int count) {
        String lines = listed.stream().map(InvalidTrainingFile::line).collect(Collectors.joining("\n"));
        String more = count > listed.size() ? "\n… and %d more".formatted(count - listed.size()) : "";
        return "The file has %d problem%s; nothing was stored. Mend these lines and upload it again:\n%s%s"
                .formatted(count, count == 1 ? "" : "s", lines, more);
    }

    private static String line(DataProblem problem) {
        return problem.field().isEmpty()
                ? "line %d: %s".formatted(problem.line(), problem.reason())
                : "line %d, %s: %s".formatted(problem.line(), problem.field(), problem.reason());
    }
}

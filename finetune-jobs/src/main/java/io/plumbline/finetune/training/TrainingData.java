package io.plumbline.finetune.training;

import io.plumbline.finetune.dataset.RowTokenizer;
import io.plumbline.finetune.dataset.TokenizedDataset;
import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rows of a run, read and tokenised.
 *
 * @param training rows to learn from
 * @param heldOut rows to measure on; empty = none
 */
record TrainingData(TokenizedDataset training, Optional<TokenizedDataset> heldOut) {
    private static final int SHOWN = 20;

    /**
     * Reads both files to their end before anything else is done.
     *
     * @throws TrainingException if a file cannot be read or holds a broken line; the message lists lines and fields
     */
    static TrainingData read(TrainingSpec spec, RowTokenizer tokenizer) {
        TokenizedDataset training = read(spec.trainingFile(), tokenizer);
        return new TrainingData(training, spec.evaluationFile().map(file -> read(file, tokenizer)));
    }

    private static TokenizedDataset read(Path file, RowTokenizer tokenizer) {
        try {
            TokenizedDataset dataset = TokenizedDataset.read(file, tokenizer);
            if (dataset.problemCount() > 0) {
                throw new TrainingException(TrainingException.Kind.DATA, refusal(file, dataset));
            }
            return dataset;
        } catch (IOException e) {
            throw new TrainingException(
                    TrainingException.Kind.INPUT, "the data file %s cannot be read: %s".formatted(file, reason(e)), e);
        }
    }

    private static String refusal(Path file, TokenizedDataset dataset) {
        List<Problem> problems = dataset.problems();
        String listed = problems.stream()
                .limit(SHOWN)
                .map(p -> "line %d%s: %s".formatted(p.line(), p.field().isEmpty() ? "" : ", " + p.field(), p.reason()))
                .collect(Collectors.joining("\n"));
        int more = dataset.problemCount() - Math.min(SHOWN, problems.size());
        return "%s has %d problem%s; nothing was trained\n%s%s"
                .formatted(
                        file.getFileName(),
                        dataset.problemCount(),
                        dataset.problemCount() == 1 ? "" : "s",
                        listed,
                        more > 0 ? "\nand %d more".formatted(more) : "");
    }

    /** What an I/O error says, without Java's class names where there is a text. */
    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> "there is no such file: " + missing.getFile();
            case java.nio.file.AccessDeniedException denied -> "access denied: " + denied.getFile();
            case java.nio.file.FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    /** A warning about rows that could not be used, if there are any. */
    static Optional<String> leftOut(Path file, TokenizedDataset dataset, int maxTokens) {
        List<Integer> lines = dataset.cutOff();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String listed = lines.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(", "));
        return Optional.of(
                "%s: nothing is learnt from %d of %d rows because their answer lies wholly behind the limit of %d tokens (line%s %s%s); raise the limit above %d or shorten them"
                        .formatted(
                                file.getFileName(),
                                lines.size(),
                                dataset.rows().size(),
                                maxTokens,
                                lines.size() == 1 ? "" : "s",
                                listed,
                                lines.size() > SHOWN ? ", …" : "",
                                dataset.longest()));
    }
}

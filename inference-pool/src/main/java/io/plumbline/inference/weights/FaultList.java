package io.plumbline.inference.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with files, told at once: whoever mends one fault should not have to come back for the next. */
final class FaultList {
    /** Most faults that a message names; a file that is wrong throughout has thousands. */
    private static final int NAMED = 12;

    private final List<BrokenModelFileException> faults = new ArrayList<>();

    void add(Path file, String fault, String remedy) {
        faults.add(new BrokenModelFileException(file, -1, fault, remedy));
    }

    /** What a step makes, or null if it finds a fault, which is kept. */
    <T> @Nullable T attempt(Supplier<T> step) {
        try {
            return step.get();
        } catch (BrokenModelFileException e) {
            faults.add(e);
            return null;
        }
    }

    /**
     * Ends here if anything is wrong.
     *
     * @param folder what the faults have in common
     * @throws BrokenModelFileException the one fault, or one that names all
     */
    void throwIfAny(Path folder) {
        if (faults.size() == 1) {
            throw faults.getFirst();
        }
        if (!faults.isEmpty()) {
            String more = faults.size() > NAMED ? "; and %d more".formatted(faults.size() - NAMED) : "";
            throw new BrokenModelFileException(
                    folder,
                    -1,
                    "%d faults: %s%s"
                            .formatted(
                                    faults.size(),
                                    named().map(e -> e.file().getFileName() + ": " + e.fault())
                                            .collect(Collectors.joining("; ")),
                                    more),
                    named().map(BrokenModelFileException::remedy).distinct().collect(Collectors.joining(" ")));
        }
    }

    private Stream<BrokenModelFileException> named() {
        return faults.stream().limit(NAMED);
    }
}

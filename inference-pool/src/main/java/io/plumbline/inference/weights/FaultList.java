package io.plumbline.inference.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with files, told at once: whoever mends one fault should not have to come back for the next. */
final class FaultList {
    /** Most faults that a message names; a file that is wrong throughout has thousands. */
    private static final int NAMED = 12;

    private final List<BrokenModelFileException> named = new ArrayList<>();
    private int count;

    /** Number of faults. */
    int size() {
        return count;
    }

    void add(Path file, String fault, String remedy) {
        add(new BrokenModelFileException(file, -1, fault, remedy));
    }

    private void add(BrokenModelFileException fault) {
        count++;
        if (named.size() < NAMED) { // a file can have more faults than memory has room for
            named.add(fault);
        }
    }

    /** What a step makes, or null if it finds a fault, which is kept. */
    <T> @Nullable T attempt(Supplier<T> step) {
        try {
            return step.get();
        } catch (BrokenModelFileException e) {
            add(e);
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
        if (count == 1) {
            throw named.getFirst();
        }
        if (count > 0) {
            String more = count > NAMED ? "; and %d more".formatted(count - NAMED) : "";
            throw new BrokenModelFileException(
                    folder,
                    -1,
                    "%d faults: %s%s"
                            .formatted(
                                    count,
                                    named.stream()
                                            .map(e -> e.file().getFileName() + ": " + e.fault())
                                            .collect(Collectors.joining("; ")),
                                    more),
                    named.stream()
                            .map(BrokenModelFileException::remedy)
                            .distinct()
                            .collect(Collectors.joining(" ")));
        }
    }
}

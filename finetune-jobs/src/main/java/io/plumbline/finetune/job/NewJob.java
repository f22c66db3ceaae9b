package io.plumbline.finetune.job;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A job to be created; its files and its base model are known to exist.
 *
 * @param files what it learns from
 * @param hyperparameters as asked for
 * @param settings as asked for, or the defaults
 * @param suffix the tenant's part of the model name
 * @param metadata the tenant's notes
 * @param createdBy subject of the caller
 */
public record NewJob(
        JobFiles files,
        Hyperparameters hyperparameters,
        JobSettings settings,
        Optional<String> suffix,
        Map<String, String> metadata,
        String createdBy) {
    private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public NewJob {
        metadata = Map.copyOf(metadata);
        if (suffix.isPresent() && !SUFFIX.matcher(suffix.get()).matches()) {
            throw new IllegalArgumentException(
                    "suffix must be 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit");
        }
    }
}

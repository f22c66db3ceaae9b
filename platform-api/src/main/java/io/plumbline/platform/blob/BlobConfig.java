package io.plumbline.platform.blob;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** Where files are kept. */
@ConfigMapping(prefix = "plumbline")
public interface BlobConfig {
    /** The directory of all data that is not in the database. */
    Path data();
}

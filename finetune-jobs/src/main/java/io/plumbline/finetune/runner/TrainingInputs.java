package io.plumbline.finetune.runner;

import io.plumbline.inference.TenantId;
import java.io.IOException;
import java.nio.file.Path;

/** Where files and base models come from; provided by the platform. */
public interface TrainingInputs {
    /**
     * Copies a tenant's file.
     *
     * @param param the request parameter that named the file
     * @throws MissingInputException if the tenant deleted it
     */
    void fetch(TenantId tenant, String fileId, String param, Path target) throws IOException, MissingInputException;

    /**
     * The file of a base model.
     *
     * @param sha256 digest the file had when the job was created
     * @throws MissingInputException if it is not installed any more, or is another file now
     */
    Path baseModel(String id, String sha256) throws IOException, MissingInputException;
}

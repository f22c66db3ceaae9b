package io.plumbline.platform.catalogue;

import io.plumbline.inference.pool.AdapterId;
import io.plumbline.platform.screening.ScreeningPolicy;
import java.time.Instant;
import java.util.Optional;

/**
 * What a model name leads to.
 *
 * @param id the name callers use: a base model's, or {@code ft:…}
 * @param baseModel id of a base model of the pool
 * @param adapter empty = the base model itself
 * @param policy the rules for its questions and answers
 * @param deployment id of the deployment; empty = the base model without one
 * @param chatTemplate Jinja source chosen by the tenant; empty = the model file's own
 * @param created since when it can be used
 * @param ownedBy whom it belongs to: the tenant, or {@code plumbline} for base models
 */
public record ModelRoute(
        String id,
        String baseModel,
        Optional<AdapterId> adapter,
        ScreeningPolicy policy,
        Optional<String> deployment,
        Optional<String> chatTemplate,
        Instant created,
        String ownedBy) {}

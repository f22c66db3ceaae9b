package io.plumbline.platform.deployment;

import io.plumbline.platform.screening.ScreeningPolicy;
import java.util.Optional;

/**
 * A wish to put a model into service.
 *
 * @param model {@code ft:…} or a base model id
 * @param policy packs and audience
 * @param chatTemplate Jinja source; empty = that of the training, else that of the base model
 */
public record DeploymentOrder(String model, ScreeningPolicy policy, Optional<String> chatTemplate) {}

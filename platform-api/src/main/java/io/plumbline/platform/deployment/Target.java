package io.plumbline.platform.deployment;

import io.plumbline.platform.adapter.Adapter;
import java.util.Optional;

/**
 * What a model name stands for.
 *
 * @param baseModel id of the base
 * @param adapter empty for the base model itself
 * @param chatTemplate Jinja source; empty = that of the base model
 */
record Target(String baseModel, Optional<Adapter> adapter, Optional<String> chatTemplate) {}

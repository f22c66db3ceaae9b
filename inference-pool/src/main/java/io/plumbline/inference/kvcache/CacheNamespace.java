package io.plumbline.inference.kvcache;

import io.plumbline.inference.TenantId;

/**
 * Whose prefixes may be reused by whom. Keys and values depend on the adapter, and that a prefix is cached tells that
 * somebody sent it; so both tenant and adapter are part of the key.
 *
 * @param tenant the owner of the request
 * @param adapter number of the loaded adapter, unique for the life of the engine; 0 = none
 */
public record CacheNamespace(TenantId tenant, long adapter) {}

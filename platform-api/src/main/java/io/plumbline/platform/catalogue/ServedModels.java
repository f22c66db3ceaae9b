package io.plumbline.platform.catalogue;

import java.util.List;

/**
 * Models that the product serves to every tenant and that answer no conversations. Every CDI bean of this type is asked;
 * names of {@link ModelRouteSource} come before theirs.
 */
public interface ServedModels {
    List<ListedModel> models();
}

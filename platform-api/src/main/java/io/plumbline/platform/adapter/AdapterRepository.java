package io.plumbline.platform.adapter;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

@ApplicationScoped
class AdapterRepository implements PanacheRepositoryBase<AdapterEntity, String> {
    Optional<AdapterEntity> byModel(String model) {
        return find("model = ?1 and deletedAt is null", model).firstResultOptional();
    }

    Optional<AdapterEntity> byJob(String job) {
        return find("job", job).firstResultOptional();
    }

    List<AdapterEntity> newestFirst() {
        return list("deletedAt is null order by createdAt desc, id");
    }

    /** Whether another adapter of the tenant has the same content. */
    boolean shared(AdapterEntity adapter) {
        return count("sha256 = ?1 and id <> ?2 and deletedAt is null", adapter.sha256, adapter.id) > 0;
    }
}

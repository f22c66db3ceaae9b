package io.plumbline.platform.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class ApiKeyRepository implements PanacheRepositoryBase<ApiKeyEntity, String> {
    List<ApiKeyEntity> newestFirst() {
        return list("revokedAt is null order by createdAt desc, id");
    }
}

package io.plumbline.platform.deployment;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

@ApplicationScoped
class DeploymentRepository implements PanacheRepositoryBase<DeploymentEntity, String> {
    List<DeploymentEntity> newestFirst() {
        return list("order by createdAt desc, id");
    }

    Optional<DeploymentEntity> live(String model) {
        return find("model = ?1 and state = ?2", model, DeploymentState.LIVE).firstResultOptional();
    }

    List<DeploymentEntity> allLive() {
        return list("state = ?1 order by createdAt, id", DeploymentState.LIVE);
    }

    /** What is not retired, of one model. */
    List<DeploymentEntity> ofModel(String model) {
        return list("model = ?1 and state <> ?2", model, DeploymentState.RETIRED);
    }
}

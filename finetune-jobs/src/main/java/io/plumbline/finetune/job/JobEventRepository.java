package io.plumbline.finetune.job;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class JobEventRepository implements PanacheRepositoryBase<JobEventEntity, String> {
    /** @param before only events with a smaller sequence number */
    List<JobEventEntity> newestFirst(String job, long before, int limit) {
        return find("job = ?1 and seq < ?2 order by seq desc", job, before)
                .page(0, limit)
                .list();
    }

    /** @param after only events with a greater sequence number */
    List<JobEventEntity> oldestFirst(String job, long after, int limit) {
        return find("job = ?1 and seq > ?2 order by seq", job, after)
                .page(0, limit)
                .list();
    }
}

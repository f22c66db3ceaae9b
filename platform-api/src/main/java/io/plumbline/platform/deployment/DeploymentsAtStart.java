package io.plumbline.platform.deployment;

import io.agroal.api.AgroalDataSource;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.platform.adapter.Adapters;
import io.plumbline.platform.adapter.CorruptAdapter;
import io.plumbline.platform.tenant.CurrentTenant;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the adapters of live deployments again after a restart, in the background: the server answers meanwhile, and a
 * request that is faster loads what it needs itself ({@link DeploymentRoutes}).
 */
@ApplicationScoped
class DeploymentsAtStart {
    private static final Logger LOG = LoggerFactory.getLogger(DeploymentsAtStart.class);
    private static final String FIND =
            "select tenant, id from deployment where state in ('LIVE', 'PENDING') order by created_at";

    private final AgroalDataSource worker;
    private final CurrentTenant currentTenant;
    private final DeploymentRecords records;
    private final Deployments deployments;
    private final Adapters adapters;
    private final AdapterLoader loader;

    @Inject
    DeploymentsAtStart(
            @DataSource("worker") AgroalDataSource worker,
            CurrentTenant currentTenant,
            DeploymentRecords records,
            Deployments deployments,
            Adapters adapters,
            AdapterLoader loader) {
        this.worker = worker;
        this.currentTenant = currentTenant;
        this.records = records;
        this.deployments = deployments;
        this.adapters = adapters;
        this.loader = loader;
    }

    private record Known(TenantId tenant, String id) {}

    void onStart(@Observes StartupEvent event) {
        Thread.ofVirtual().name("deployments-at-start").start(this::restoreAll);
    }

    private void restoreAll() {
        try {
            for (Known known : find()) {
                currentTenant.runAs(known.tenant(), () -> restore(known.id()));
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("adapters are loaded when they are first asked for: {}", e.toString());
        }
    }

    private List<Known> find() throws SQLException {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND);
                ResultSet rows = statement.executeQuery()) {
            List<Known> known = new ArrayList<>();
            while (rows.next()) {
                known.add(new Known(TenantId.of(rows.getString(1)), rows.getString(2)));
            }
            return known;
        }
    }

    private void restore(String id) {
        records.find(id).ifPresent(deployment -> {
            try {
                switch (deployment.state()) {
                    case PENDING -> deployments.activate(deployment, adapters.find(deployment.model()));
                    case LIVE -> adapters.find(deployment.model()).ifPresent(loader::load);
                    case FAILED, RETIRED -> {}
                }
            } catch (CorruptAdapter | InferenceException.InvalidAdapter | BaseModelReplaced e) {
                LOG.error("{} is not served: {}", deployment.model(), e.getMessage());
                records.fail(id, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.warn("{} is loaded when it is first asked for: {}", deployment.model(), e.toString());
            }
        });
    }
}

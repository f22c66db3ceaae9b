package io.plumbline.platform.audit;

import io.agroal.api.AgroalDataSource;
import io.plumbline.compliance.audit.SigningKey;
import io.plumbline.compliance.audit.VerificationKey;
import io.plumbline.platform.blob.BlobConfig;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The key that signs, and the public keys of all that ever did. */
@ApplicationScoped
class AuditKeys {
    private static final String REGISTER =
            "insert into audit_key (id, public_key, created_at) values (?, ?, now())" + " on conflict (id) do nothing";
    private static final String LIST = "select public_key, created_at from audit_key order by created_at, id";

    private final AgroalDataSource app;
    private final AgroalDataSource worker;
    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SigningKey current;

    @Inject
    AuditKeys(
            AgroalDataSource app, @DataSource("worker") AgroalDataSource worker, AuditConfig config, BlobConfig data) {
        this.app = app;
        this.worker = worker;
        this.file = config.signingKeyFile()
                .orElseGet(() -> data.data().resolve("audit").resolve("signing-key.pem"));
    }

    /** The key that signs now; its public half is registered before it signs anything. */
    SigningKey signingKey() {
        lock.lock();
        try {
            SigningKey known = current;
            if (known == null) {
                known = new SigningKeyFile(file).open();
                register(known.verificationKey());
                current = known;
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException("the signing key of the audit log cannot be read from " + file, e);
        } finally {
            lock.unlock();
        }
    }

    private void register(VerificationKey key) {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(REGISTER)) {
            statement.setString(1, key.id());
            statement.setBytes(2, key.encoded());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new AuditLogUnreadable(e);
        }
    }

    /** All of them, oldest first. */
    List<PublishedKey> published() {
        signingKey();
        try (Connection connection = app.getConnection()) {
            return published(connection);
        } catch (SQLException e) {
            throw new AuditLogUnreadable(e);
        }
    }

    static List<PublishedKey> published(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST);
                ResultSet rows = statement.executeQuery()) {
            List<PublishedKey> keys = new ArrayList<>();
            while (rows.next()) {
                Instant since = rows.getObject(2, OffsetDateTime.class).toInstant();
                keys.add(new PublishedKey(VerificationKey.ofEncoded(rows.getBytes(1)), since));
            }
            return keys;
        }
    }
}

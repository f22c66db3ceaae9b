package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.compliance.review.Lease;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Who works on a case.
 *
 * @param token fencing token; to be sent with everything that is done under the lease
 * @param expiresAt Unix seconds
 */
@Schema(name = "ReviewLease")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LeaseView(long token, String holder, long expiresAt) {
    static LeaseView of(Lease lease) {
        return new LeaseView(lease.token(), lease.holder(), lease.expiresAt().getEpochSecond());
    }
}

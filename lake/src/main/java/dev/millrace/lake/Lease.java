package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;

/**
 * Who may work on a dataset now.
 *
 * <p>The time of expiry is a courtesy between holders whose clocks may differ; the token is the guarantee. It rises with
 * every use, in the same transaction as the work, so that two transactions that rest on the same token cannot both commit.
 *
 * @param token as it stands in the lease table after the last use by this holder
 * @param deaths how many holders in a row ended without releasing it before this one
 */
public record Lease(DatasetName dataset, Activity activity, long token, String runId, Instant expiresAt, int deaths) {

    Lease raised(Instant newExpiry) {
        return new Lease(dataset, activity, token + 1, runId, newExpiry, deaths);
    }
}

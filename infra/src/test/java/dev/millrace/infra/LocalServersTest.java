package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proves that the servers start and tell how to reach them. */
@Tag("slow")
class LocalServersTest {
    @Test
    void tellsHowToReachTheServers() {
        LocalServers servers = LocalServers.shared();

        assertThat(servers.minio().endpoint()).hasHost("127.0.0.1");
        assertThat(servers.minio().login(Role.CLEANER).name()).isEqualTo("cleaner");
        assertThat(servers.postgres().port()).isPositive();
        assertThat(servers.producer("flights").name()).isEqualTo("flights");
        assertThat(servers.producer("flights")).hasToString("flights:***");
    }
}

package dev.millrace.lake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves where the engine's binaries are kept: the property wins over the variable, that over XDG's folder, that over home. */
class EngineCacheTest {
    private static final Path HOME = Path.of("/home/ada");
    private static final Map<String, String> BOTH_VARIABLES =
            Map.of(EngineCache.VARIABLE, "/var/millrace", "XDG_CACHE_HOME", "/xdg");

    @Test
    void theFirstThatIsSetIsTaken() {
        assertThat(EngineCache.of("/property", BOTH_VARIABLES, HOME).folder()).isEqualTo(Path.of("/property"));
        assertThat(EngineCache.of(null, BOTH_VARIABLES, HOME).folder()).isEqualTo(Path.of("/var/millrace"));
        assertThat(EngineCache.of(null, Map.of("XDG_CACHE_HOME", "/xdg"), HOME).folder())
                .isEqualTo(Path.of("/xdg/millrace"));
        assertThat(EngineCache.of(null, Map.of(), HOME).folder()).isEqualTo(Path.of("/home/ada/.cache/millrace"));
    }

    @Test
    void whatIsBlankIsNotSet() {
        Map<String, String> blank = Map.of(EngineCache.VARIABLE, " ", "XDG_CACHE_HOME", "");
        assertThat(EngineCache.of("", blank, HOME).folder()).isEqualTo(Path.of("/home/ada/.cache/millrace"));
    }

    @Test
    void everyDriverVersionHasALibraryOfItsOwn() {
        EngineCache cache = new EngineCache(HOME);
        assertThat(EngineCache.driverVersion()).matches("\\d+\\.\\d+\\.\\d+(\\.\\d+)?");
        assertThat(cache.nativeFolder())
                .isEqualTo(HOME.resolve("duckdb")
                        .resolve(EngineCache.driverVersion())
                        .resolve("native"));
    }
}

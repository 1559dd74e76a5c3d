package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.config.ConfigurationException;
import dev.millrace.schemas.InvalidContractException;
import dev.millrace.storage.KeyConflictException;
import dev.millrace.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that each kind of failure has its documented exit code and one line of words. */
class FailureReportTest {
    static Stream<Arguments> failures() {
        IOException full = new IOException("No space left on device");
        return Stream.of(
                Arguments.of(new ConfigurationException("x"), ExitCode.USAGE),
                Arguments.of(new InvalidContractException("x"), ExitCode.USAGE),
                Arguments.of(new KeyConflictException("x"), ExitCode.FAILED),
                Arguments.of(new StorageException("x"), ExitCode.UNAVAILABLE),
                Arguments.of(new StorageException("x", full), ExitCode.INPUT_OUTPUT),
                Arguments.of(new StorageException("x", new AccessDeniedException("f")), ExitCode.INPUT_OUTPUT),
                Arguments.of(full, ExitCode.INPUT_OUTPUT),
                Arguments.of(new UncheckedIOException(full), ExitCode.INPUT_OUTPUT),
                Arguments.of(
                        new UnfinishedStagingException(new UUID(0, 1), new StorageException("x")),
                        ExitCode.UNAVAILABLE),
                Arguments.of(new IllegalStateException("x"), ExitCode.FAILED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void hasItsExitCode(Throwable failure, ExitCode exitCode) {
        assertThat(FailureReport.exitCode(failure)).isEqualTo(exitCode);
        assertThat(FailureReport.message(failure)).isNotBlank().doesNotContain("\n");
    }

    @Test
    void theWordsNameFileAndReason() {
        assertThat(FailureReport.message(new AccessDeniedException("/data/x")))
                .isEqualTo("/data/x: no permission; make it accessible, or name another");
        assertThat(FailureReport.message(new UncheckedIOException(new FileSystemException("/f", null, "Disk quota"))))
                .startsWith("/f: Disk quota");
        assertThat(FailureReport.message(new ConfigurationException("one\n  two")))
                .isEqualTo("one two");
        assertThat(FailureReport.message(new IllegalStateException("odd")))
                .contains("odd")
                .contains("--debug");
        assertThat(FailureReport.message(new UnfinishedStagingException(new UUID(0, 1), new StorageException("gone"))))
                .contains("gone")
                .contains("--id 00000000-0000-0000-0000-000000000001");
    }

    @Test
    void theExitCodesAreThoseThatAreDocumented() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code))
                .containsExactly(0, 1, 2, 10, 11, 65, 69, 74, 75);
    }
}

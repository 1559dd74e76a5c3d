package dev.millrace.cli;

import dev.millrace.ingester.RefusedFileState;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.RefusedFile;
import java.util.Arrays;

/** What a user does next about a refused file, in a sentence. */
final class QuarantineAdvice {
    private QuarantineAdvice() {}

    static String of(RefusedFile file, RefusedFileState state) {
        return switch (file.status()) {
            case LOADED -> "nothing: it is loaded";
            case WAITING, RELEASED ->
                state == RefusedFileState.GONE
                        ? "it is not in the staging area any more: 'millrace quarantine drop' settles it"
                        : "nothing: the next 'millrace ingest' inspects it again";
            case DROPPED ->
                switch (state) {
                    case GONE -> "nothing: it is settled";
                    case THERE -> "nothing: the next 'millrace compact' deletes it";
                    case CHANGED -> "nothing: another file has its name, which the next 'millrace ingest' inspects";
                };
            case QUARANTINED ->
                switch (state) {
                    case GONE -> "it is not in the staging area any more: 'millrace quarantine drop' settles it";
                    case CHANGED ->
                        "nothing: it was repaired or replaced, and the next 'millrace ingest' inspects it as it is now";
                    case THERE -> aboutReason(file.verdict().reason());
                };
        };
    }

    private static String aboutReason(String code) {
        return Arrays.stream(QuarantineReason.values())
                .filter(reason -> reason.code().equals(code))
                .findFirst()
                .map(QuarantineAdvice::aboutReason)
                .orElse("see the message; 'millrace quarantine retry' has it inspected again, 'drop' deletes it");
    }

    private static String aboutReason(QuarantineReason reason) {
        return switch (reason) {
            case UNSAFE_NAME -> "stage it under another name, then 'millrace quarantine drop' this one";
            case ENCRYPTED -> "write it anew without encryption; 'millrace quarantine drop' deletes this one";
            case EXCEEDS_LIMIT ->
                "write it anew in smaller pieces, or raise what the message names and 'millrace quarantine retry' it";
            case EXCEEDS_MEMORY ->
                "write it anew with smaller row groups, or 'millrace quarantine retry' it and ingest on a machine with more"
                        + " memory";
            case CRASHES_ENGINE ->
                "write it anew with another program or without the column that the message names; 'millrace quarantine"
                        + " retry' has it read again, with a newer engine for example";
            case NOT_PARQUET, UNREADABLE_DATA, CHECKSUM_MISMATCH ->
                "write it anew under the same or another name; what can't be had again goes with 'millrace quarantine"
                        + " drop'";
            case SCHEMA_MISMATCH ->
                "where the contract is wrong, correct it, run 'millrace init' and 'millrace quarantine retry'; where the"
                        + " file is, write it anew under the same name";
            case INVALID_VALUES -> "write it anew under the same name without the values that the message tells of";
            case MISSING_VALUES ->
                "write it anew under the same name with the values, or 'millrace quarantine release' it to load it"
                        + " without them";
        };
    }
}

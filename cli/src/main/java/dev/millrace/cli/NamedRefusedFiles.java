package dev.millrace.cli;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerStatus;
import dev.millrace.lake.QuarantineLedger;
import dev.millrace.lake.RefusedFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds refused files by the keys that a user gives. */
final class NamedRefusedFiles {
    private final QuarantineLedger ledger;

    NamedRefusedFiles(LakeSession session) {
        ledger = new QuarantineLedger(session);
    }

    /**
     * In the order of the keys, each once.
     *
     * @throws UnknownRefusedFileException for a key of which the ledger does not say that it was refused
     */
    List<RefusedFile> of(List<String> keys) {
        Map<String, RefusedFile> byKey = new HashMap<>();
        ledger.files().forEach(file -> byKey.put(file.key(), file));
        return keys.stream()
                .distinct()
                .map(key -> {
                    RefusedFile file = byKey.get(key);
                    if (file == null) {
                        throw unknown(key);
                    }
                    return file;
                })
                .toList();
    }

    private UnknownRefusedFileException unknown(String key) {
        return new UnknownRefusedFileException(
                ledger.status(key)
                                .filter(status -> status == LedgerStatus.LOADED)
                                .isPresent()
                        ? "the staged file '" + key + "' is loaded and not in quarantine; nothing was changed"
                        : "the ledger does not know a refused file '" + key
                                + "'; nothing was changed, 'millrace quarantine list' shows those that there are");
    }
}

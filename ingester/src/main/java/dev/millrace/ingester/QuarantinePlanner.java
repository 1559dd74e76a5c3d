package dev.millrace.ingester;

import dev.millrace.lake.LedgerStatus;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.RefusedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides for which refused files a user's action can be done. Pure. */
public final class QuarantinePlanner {
    /** A refused file and what the staging area has of it. */
    public record Candidate(RefusedFile file, RefusedFileState state) {}

    private QuarantinePlanner() {}

    public static QuarantinePlan plan(QuarantineAction action, List<Candidate> candidates) {
        List<RefusedFile> accepted = new ArrayList<>();
        List<RefusedFile> settled = new ArrayList<>();
        List<QuarantinePlan.Declined> declined = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (isSettled(action, candidate)) {
                settled.add(candidate.file());
                continue;
            }
            Optional<String> objection = objection(action, candidate);
            if (objection.isPresent()) {
                declined.add(new QuarantinePlan.Declined(candidate.file(), objection.orElseThrow()));
            } else {
                accepted.add(candidate.file());
            }
        }
        return new QuarantinePlan(accepted, settled, declined);
    }

    /** Done before, perhaps by a run that was killed before it could say so. */
    private static boolean isSettled(QuarantineAction action, Candidate candidate) {
        return candidate.file().status() == action.status()
                && (action != QuarantineAction.DROP || candidate.state() != RefusedFileState.THERE);
    }

    private static Optional<String> objection(QuarantineAction action, Candidate candidate) {
        RefusedFile file = candidate.file();
        String reason = file.verdict().reason();
        if (action != QuarantineAction.DROP) {
            if (file.status() == LedgerStatus.DROPPED) {
                return Optional.of("was dropped");
            }
            if (candidate.state() == RefusedFileState.GONE) {
                return Optional.of("is not in the staging area any more; 'millrace quarantine drop' settles it");
            }
            if (reason.equals(QuarantineReason.UNSAFE_NAME.code())) {
                return Optional.of(
                        "has a name that is refused whatever it holds: stage it under another one, then drop it");
            }
        }
        if (action != QuarantineAction.RETRY && candidate.state() == RefusedFileState.CHANGED) {
            return Optional.of("is another one than was refused; the next ingest inspects it as it is now");
        }
        if (action == QuarantineAction.RELEASE && !reason.equals(QuarantineReason.MISSING_VALUES.code())) {
            return Optional.of("was refused for " + reason
                    + ", which is no rule that can be waived, since its rows could not be loaded as they are; only"
                    + " missing-values is");
        }
        return Optional.empty();
    }
}

package dev.millrace.cli.doctor;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import java.util.List;
import java.util.function.Supplier;

/** Whether the pipeline's own tables are all there and of this build's version. */
final class PipelineSchema implements Check {
    private final Supplier<LakeSession> session;

    PipelineSchema(Supplier<LakeSession> session) {
        this.session = session;
    }

    @Override
    public Finding look() {
        PipelineTables.require(session.get());
        List<String> missing = PipelineTables.missing(session.get());
        return missing.isEmpty()
                ? Finding.ok("version " + PipelineTables.VERSION)
                : Finding.failed(
                        "missing in the schema millrace: " + String.join(", ", missing),
                        "restore the catalog from a backup: without these tables nothing may be ingested");
    }
}

package dev.millrace.bench.kills;

import dev.millrace.bench.oracle.EventChanges;
import dev.millrace.bench.oracle.EventRows;
import dev.millrace.bench.oracle.Oracle;
import dev.millrace.bench.oracle.Verdict;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Contract;

/** What staged rows do to the dataset of a site, and what has to be true of it. */
public enum DatasetMode {
    /** Each is added. */
    APPEND {
        @Override
        Contract contract() {
            return EventRows.contract();
        }

        @Override
        void stage(Site site, String name) {
            EventProducer.stage(site, name);
        }

        @Override
        Verdict check(Site site, LakeSession session) {
            return Oracle.check(session, site.staging(), site.lakeData(), site.logs());
        }
    },
    /** Each replaces or deletes the one that has its key. */
    UPSERT {
        @Override
        Contract contract() {
            return EventChanges.contract();
        }

        @Override
        void stage(Site site, String name) {
            ChangeProducer.stage(site, name);
        }

        @Override
        Verdict check(Site site, LakeSession session) {
            return Oracle.checkUpserts(session, site.staging(), site.lakeData(), site.logs());
        }
    };

    abstract Contract contract();

    /** Stages four files, and notes each when it is acknowledged. */
    abstract void stage(Site site, String name);

    /** What is there now. */
    abstract Verdict check(Site site, LakeSession session);
}

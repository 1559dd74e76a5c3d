package dev.millrace.compactor;

/** What is to become of the orphans. */
public sealed interface OrphanPlan {
    LakeData lakeData();

    Orphans orphans();

    /** Those that are due may go, if there are any. */
    record Removal(LakeData lakeData, Orphans orphans) implements OrphanPlan {}

    /** Nothing may go. */
    record Refusal(LakeData lakeData, Orphans orphans, Reason reason) implements OrphanPlan {
        /**
         * What is wrong, an example, and what to do.
         *
         * @param lake says which catalog belongs to which data path
         */
        public String message(String lake) {
            return "no orphan was deleted: "
                    + switch (reason) {
                        case UNPLACED ->
                            lakeData.unplacedFiles() + " files of the lake " + lake
                                    + " have no table that says where they are. Run it again; when that does not help,"
                                    + " keep the lake as it is and report this";
                        case NONE_FOUND ->
                            "of " + lakeData.namedFiles() + " files that the catalog names none is there. "
                                    + due()
                                    + " See whether lake.catalog and lake.data belong together and all of the data is"
                                    + " there (" + lake + ")";
                        case NONE_NAMED ->
                            "the catalog names no file at all. " + due()
                                    + " See whether lake.catalog and lake.data belong together (" + lake + "). "
                                    + override();
                        case TOO_MANY ->
                            due() + " That is more than compact.max-orphan-share. See whether lake.catalog"
                                    + " and lake.data belong together (" + lake
                                    + "), and no other catalog uses that data path. "
                                    + override();
                    };
        }

        private String due() {
            return orphans.due().files() + " of " + lakeData.files().files() + " lake files would go, such as "
                    + String.join(", ", orphans.examples()) + ".";
        }

        private static String override() {
            return "When they really are left-overs, delete them once with 'millrace compact --orphan-share 100%'";
        }
    }

    /** Why nothing may go. */
    enum Reason {
        /** The catalog does not say where some of its files are. */
        UNPLACED,
        /** None of the files that the catalog names is there. */
        NONE_FOUND,
        /** The catalog names no file. */
        NONE_NAMED,
        /** More than the share that may go. */
        TOO_MANY
    }
}

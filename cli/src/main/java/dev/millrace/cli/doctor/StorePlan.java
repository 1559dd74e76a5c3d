package dev.millrace.cli.doctor;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The checks of the places that objects are kept in. */
final class StorePlan {
    private final Configuration configuration;
    private final Workspace workspace;
    private final Clock clock;
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> s3;
    private final Step staging;

    StorePlan(Configuration configuration, Workspace workspace, Clock clock) {
        this.configuration = configuration;
        this.workspace = workspace;
        this.clock = clock;
        this.s3 = isOnS3(configuration.staging()) || isOnS3(configuration.lake().data()) ? objectStore() : List.of();
        steps.addAll(s3);
        this.staging = store(Group.STAGING, Lane.STAGING, configuration.staging(), workspace::staging);
        store(Group.LAKE_DATA, Lane.LAKE_DATA, configuration.lake().data(), workspace::lakeData);
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The one after which staged files can be looked at. */
    Step staging() {
        return staging;
    }

    /** The one without which the engine has no keys for the lake data, when these are on S3. */
    Optional<Step> keysOfLakeData() {
        return isOnS3(configuration.lake().data()) ? Optional.of(s3.get(0)) : Optional.empty();
    }

    private static boolean isOnS3(StorageAddress address) {
        return address instanceof StorageAddress.S3Prefix;
    }

    private static Optional<Path> directory(StorageAddress address) {
        return address instanceof StorageAddress.Directory directory ? Optional.of(directory.path()) : Optional.empty();
    }

    private List<Step> objectStore() {
        return List.of(
                Step.of(Group.OBJECT_STORE, "keys", Lane.KEYS, new S3Keys(workspace::s3, clock))
                        .within(S3Service.LONGEST)
                        .orElse("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile by AWS_PROFILE"),
                Step.of(Group.OBJECT_STORE, "service", Lane.OBJECT_STORE, new S3Service(configuration.s3(), clock))
                        .within(S3Service.LONGEST)
                        .orElse("check s3.endpoint and the network"));
    }

    private Step store(Group group, Lane lane, StorageAddress address, Supplier<ObjectStore> opening) {
        Step listing = Step.of(group, "list", lane, new StoreListing(opening))
                .needing(isOnS3(address) ? s3.toArray(Step[]::new) : new Step[0])
                .orElse("see whether " + address + " can be reached from here");
        Step probe = Step.of(group, "write", lane, new StoreProbe(opening, directory(address), clock))
                .needing(listing)
                .orElse("see whether " + address + " can be written");
        steps.addAll(List.of(listing, probe));
        return listing;
    }
}

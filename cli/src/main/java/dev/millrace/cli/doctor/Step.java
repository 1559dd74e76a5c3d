package dev.millrace.cli.doctor;

import java.time.Duration;
import java.util.List;

/**
 * A check in its place.
 *
 * @param name what the output calls it; with its group, the only one of its kind
 * @param deadline after how long it is given up
 * @param remedy what to do when it fails without saying so itself
 * @param needs the steps without which this one makes no sense; they come before it
 */
record Step(Group group, String name, Lane lane, Duration deadline, String remedy, List<Step> needs, Check check) {
    private static final Duration STANDARD_DEADLINE = Duration.ofSeconds(3);

    Step {
        needs = List.copyOf(needs);
    }

    static Step of(Group group, String name, Lane lane, Check check) {
        return new Step(group, name, lane, STANDARD_DEADLINE, "run the command again with --debug", List.of(), check);
    }

    Step within(Duration newDeadline) {
        return new Step(group, name, lane, newDeadline, remedy, needs, check);
    }

    Step needing(Step... newNeeds) {
        return new Step(group, name, lane, deadline, remedy, List.of(newNeeds), check);
    }

    Step orElse(String newRemedy) {
        return new Step(group, name, lane, deadline, newRemedy, needs, check);
    }

    /** As other findings name it. */
    String title() {
        return group.heading() + ": " + name;
    }
}

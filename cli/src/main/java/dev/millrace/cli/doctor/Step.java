package dev.millrace.cli.doctor;

import java.time.Duration;
import java.util.List;

/**
 * A check in its place.
 *
 * @param name what the output calls it; with its group, the only one of its kind
 * @param patience when it is given up, and what that means
 * @param remedy what to do when it fails without saying so itself
 * @param needs the steps without which this one makes no sense; they come before it
 */
record Step(Group group, String name, Lane lane, Patience patience, String remedy, List<Step> needs, Check check) {
    /**
     * How long a check may take.
     *
     * @param whenLate what it means when it takes longer: a failure, where all that counts is that something answers
     */
    record Patience(Duration deadline, Status whenLate) {}

    private static final Patience STANDARD = new Patience(Duration.ofSeconds(4), Status.FAILED);

    Step {
        needs = List.copyOf(needs);
    }

    static Step of(Group group, String name, Lane lane, Check check) {
        return new Step(
                group,
                name,
                lane,
                STANDARD,
                "run 'millrace status --debug', which shows the whole error",
                List.of(),
                check);
    }

    Step within(Duration deadline) {
        return new Step(group, name, lane, new Patience(deadline, patience.whenLate()), remedy, needs, check);
    }

    /** For a check that counts: much to count is no failure. */
    Step warningWhenLate() {
        return new Step(group, name, lane, new Patience(patience.deadline(), Status.WARNING), remedy, needs, check);
    }

    Step needing(Step... newNeeds) {
        return new Step(group, name, lane, patience, remedy, List.of(newNeeds), check);
    }

    Step orElse(String newRemedy) {
        return new Step(group, name, lane, patience, newRemedy, needs, check);
    }

    /** As other findings name it. */
    String title() {
        return group.heading() + ": " + name;
    }
}

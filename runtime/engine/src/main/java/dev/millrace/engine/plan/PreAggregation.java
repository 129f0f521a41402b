// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether a router combines the rows of a read that belong to one group, and one window, before they travel. It makes no
 * difference to results: what can't be put together exactly is never combined.
 */
public enum PreAggregation {
    /** All rows travel as they are. */
    NEVER,
    /** Where it makes few rows of many, for a partition that is busy or on another node. */
    AUTO,
    /** All rows but those that have to travel as they are. */
    ALWAYS;

    /** The option of a job. */
    public static final String OPTION = "pre-aggregation";

    /** The option of a job that says which changes of a group are shown, and the value for all of them. */
    private static final String COALESCE_OPTION = "emit.coalesce";

    private static final String EVERY_CHANGE = "none";

    /** The value of {@link #OPTION}. */
    public String optionValue() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a stage's routers do.
     *
     * @param steps the operators of the stage
     * @param options those of the job
     */
    static PreAggregation of(List<Step> steps, Map<String, String> options) {
        if (steps.isEmpty() || !(steps.getFirst() instanceof Step.Aggregate aggregate)
                || obstacle(aggregate, options) != null) {
            return NEVER;
        }
        PreAggregation wanted = valueOf(options.getOrDefault(OPTION, AUTO.optionValue()).toUpperCase(Locale.ROOT));
        // Of one group few rows come out of any read, and all of them meet in one partition: that always pays.
        return wanted == AUTO && aggregate.keys().isEmpty() ? ALWAYS : wanted;
    }

    /**
     * Why the rows of an aggregation can't be combined, whatever is wanted.
     *
     * @param aggregate the first operator of a stage
     * @param options those of the job
     * @return null if they can
     */
    public static String obstacle(Step.Aggregate aggregate, Map<String, String> options) {
        boolean everyChange = aggregate.emit() == Emit.CHANGES
                && options.getOrDefault(COALESCE_OPTION, EVERY_CHANGE).equals(EVERY_CHANGE);
        if (everyChange) {
            return "every row gives a change";
        }
        return aggregate.aggregates().stream()
                .map(PreAggregation::obstacle)
                .filter(obstacle -> obstacle != null)
                .findFirst().orElse(null);
    }

    private static String obstacle(AggregateCall call) {
        return switch (call.function()) {
            case MIN, MAX -> null;
            case COUNT -> call.distinct() ? "DISTINCT needs every value" : null;
            case SUM, AVG -> call.distinct() ? "DISTINCT needs every value"
                    : switch (call.argumentType().kind()) {
                        case FLOAT, DOUBLE -> "the digits of a sum of doubles would depend on it";
                        default -> null;
                    };
        };
    }
}

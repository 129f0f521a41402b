// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;

/** A kind of sink. Found by the option {@code connector}. Has no state. */
public interface SinkConnector {
    /** The value of the option {@code connector}. */
    String name();

    /**
     * Checks the table's options and columns without touching what they name.
     *
     * @throws dev.millrace.engine.error.MillraceException with the reason and the way out
     */
    void validateSink(TableDefinition table);

    /**
     * Checks that what the table names is there and can be reached. Called once, when a job is created, on a thread for
     * waiting: from then on a target that is away holds the job up and does not fail it.
     *
     * @throws dev.millrace.engine.error.MillraceException if not, within some ten seconds
     */
    default void checkTarget(TableDefinition table) {}

    /**
     * As {@link #checkTarget}, which comes first, where rows are to come by epochs: checks that the target can take them.
     *
     * @throws dev.millrace.engine.error.MillraceException if not, with the way out
     */
    default void checkEpochTarget(TableDefinition table) {}

    /**
     * What the user should know of options of this table that are taken all the same.
     *
     * @return sentences, maybe none
     */
    default List<String> warnings(TableDefinition table) {
        return List.of();
    }

    /** What changes the sink can take for this table. */
    SinkChanges changes(TableDefinition table);

    /** The keys of what METADATA columns can set in what is written; the others have to be VIRTUAL. */
    default Set<String> writableMetadata() {
        return Set.of();
    }

    /** A sink for one partition of a job. */
    Sink openSink(TableDefinition table, int partition);

    /** What the table's own options ask for, whatever the job says; null if they leave it to the job. */
    default Guarantee askedGuarantee(TableDefinition table) {
        return null;
    }

    /** Whether {@link #openEpochSink} works for this table. */
    default boolean takesEpochs(TableDefinition table) {
        return false;
    }

    /** A sink that takes the epochs of one partition of a job exactly once. */
    default EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        throw new IllegalStateException("connector '" + name() + "' takes no epochs");
    }
}

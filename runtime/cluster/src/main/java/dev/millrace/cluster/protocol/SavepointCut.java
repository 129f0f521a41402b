// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules by which a running job comes to one cut of its inputs. The readers are held: they read nothing new, and each
 * says where it stands once all partitions have applied what it has read. These positions are the cut. Then every
 * partition of a stage stands at the same positions, and so at the same watermarks.
 *
 * <pre>
 *   LEVELLING ──all readers are level──▶ FREEZING ──all partitions are frozen──▶ STORING ──all are stored──▶ DONE
 *       └───────────────────────────────────┴─── a deadline, a reader that has read on ──▶ REFUSED
 * </pre>
 *
 * <p>A partition is frozen when all its output has left and its state is copied; from then on the readers may go on.
 * Everything that is told may be told again.
 */
public class SavepointCut {
    /** How far the savepoint has come. */
    public enum Phase {
        LEVELLING, FREEZING, STORING, DONE, REFUSED
    }

    private final Map<String, Long> cut = new TreeMap<>();
    private final Set<String> inputs;
    private final Set<String> unfrozen;
    private final Set<String> unstored;
    private Phase phase = Phase.LEVELLING;
    private String reason;

    /**
     * @param inputs names of all inputs
     * @param partitions names of all partitions, for people
     */
    public SavepointCut(Set<String> inputs, Set<String> partitions) {
        this.inputs = new TreeSet<>(inputs);
        unfrozen = new TreeSet<>(partitions);
        unstored = new TreeSet<>(partitions);
        if (inputs.isEmpty()) {
            phase = Phase.FREEZING;
        }
    }

    public final Phase phase() {
        return phase;
    }

    /** Why it was refused, or null. */
    public final String reason() {
        return reason;
    }

    /** By input the position of the cut; complete when the readers are level. */
    public final Map<String, Long> cut() {
        return cut;
    }

    /** Whether readers may read nothing new. */
    public final boolean holdsReaders() {
        return phase == Phase.LEVELLING || phase == Phase.FREEZING;
    }

    /** All partitions have applied what the reader of an input has read, up to this position. */
    public void level(String input, long position) {
        if (phase == Phase.LEVELLING) {
            cut.put(input, position);
            if (cut.keySet().containsAll(inputs)) {
                phase = Phase.FREEZING;
            }
        } else if (phase == Phase.FREEZING && !Objects.equals(cut.get(input), position)) {
            refuse("the reader of " + input + " has started again and read on");
        }
    }

    /** Whether a partition stands at a cut; only then it may freeze. */
    public static boolean isAt(Map<String, Long> cut, InputVector vector) {
        for (InputVector.Entry entry : vector.inputs()) {
            Long position = cut.get(entry.input());
            if (position == null || position != entry.standing().position()) {
                return false;
            }
        }
        return true;
    }

    /** A partition has copied its state at the cut, and all that it gave before has left. */
    public void frozen(String partition) {
        unfrozen.remove(partition);
        if (phase == Phase.FREEZING && unfrozen.isEmpty()) {
            phase = unstored.isEmpty() ? Phase.DONE : Phase.STORING;
        }
    }

    /** What a partition has copied is durable. */
    public void stored(String partition) {
        unstored.remove(partition);
        if (phase == Phase.STORING && unstored.isEmpty()) {
            phase = Phase.DONE;
        }
    }

    /** It can't be taken. */
    public final void refuse(String why) {
        if (phase != Phase.DONE && phase != Phase.REFUSED) {
            phase = Phase.REFUSED;
            reason = why;
        }
    }

    /** Time is up. */
    public final void timeOut() {
        refuse("in time for it, nothing was heard of " + laggards());
    }

    /** Whom it waits for, for people. */
    public final String laggards() {
        return switch (phase) {
            case LEVELLING -> {
                Set<String> missing = new TreeSet<>(inputs);
                missing.removeAll(cut.keySet());
                yield "the partitions that input " + String.join(", ", missing) + " feeds";
            }
            case FREEZING -> String.join(", ", unfrozen);
            default -> String.join(", ", unstored);
        };
    }
}

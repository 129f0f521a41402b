// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.jdbc;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The journal plugin {@code millrace.checkpointing.jdbc.journal}: Pekko's for databases, with two things added. Failures
 * get a code, so that a fenced writer can be told from a database that is gone. And a log that has lost events is
 * refused, where the plugin would go on without them.
 */
public final class JdbcJournal extends JdbcAsyncWriteJournal {
    /** @param config the plugin's section, see {@code reference.conf} of this module */
    public JdbcJournal(Config config) {
        super(config);
    }

    @Override
    public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
        String persistenceId = messages.head().persistenceId();
        // Never a rejection: the number of a rejected event would be a hole.
        Future<Seq<Try<BoxedUnit>>> written = super.asyncWriteMessages(messages).map(results -> {
            results.foreach(Try::get);
            return results;
        }, context().dispatcher());
        return JdbcErrors.explained(written, failure -> JdbcErrors.writing(persistenceId, failure),
                context().dispatcher());
    }

    @Override
    public Future<BoxedUnit> asyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return JdbcErrors.explained(super.asyncDeleteMessagesTo(persistenceId, toSequenceNr),
                failure -> JdbcErrors.writing(persistenceId, failure), context().dispatcher());
    }

    @Override
    public Future<Object> asyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        Future<Object> checked = super.asyncReadHighestSequenceNr(persistenceId, fromSequenceNr).map(found -> {
            long highest = (Long) found;
            if (highest > 0 && highest < fromSequenceNr) {
                throw JdbcErrors.damaged(persistenceId,
                        "it ends at " + highest + " but a snapshot has seen " + fromSequenceNr);
            }
            return found;
        }, context().dispatcher());
        return JdbcErrors.explained(checked, failure -> JdbcErrors.reading(persistenceId, failure),
                context().dispatcher());
    }

    @Override
    public Future<BoxedUnit> asyncReplayMessages(String persistenceId, long fromSequenceNr, long toSequenceNr,
            long max, Function1<PersistentRepr, BoxedUnit> recoveryCallback) {
        Continuity continuity = new Continuity(persistenceId, Math.max(1, fromSequenceNr));
        Future<BoxedUnit> replayed =
                super.asyncReplayMessages(persistenceId, fromSequenceNr, toSequenceNr, max, event -> {
                    continuity.check(event.sequenceNr());
                    return recoveryCallback.apply(event);
                }).map(unit -> {
                    continuity.checkEnd(toSequenceNr, max);
                    return unit;
                }, context().dispatcher());
        return JdbcErrors.explained(replayed, failure -> JdbcErrors.reading(persistenceId, failure),
                context().dispatcher());
    }

    /** That the events of a replay are those that were asked for, one after the other. */
    private static final class Continuity {
        private final String persistenceId;
        private final long first;
        private long expected;

        Continuity(String persistenceId, long first) {
            this.persistenceId = persistenceId;
            this.first = first;
            this.expected = first;
        }

        void check(long sequenceNr) {
            if (sequenceNr != expected) {
                throw JdbcErrors.damaged(persistenceId, "event " + expected + " is missing, or deleted without a "
                        + "snapshot in its place");
            }
            expected++;
        }

        void checkEnd(long to, long max) {
            // Nothing at all means that all events are deleted: the plugin tells their highest number nevertheless.
            if (expected > first && expected <= to && expected - first < max) {
                throw JdbcErrors.damaged(persistenceId, "event " + expected + " is missing");
            }
        }
    }
}

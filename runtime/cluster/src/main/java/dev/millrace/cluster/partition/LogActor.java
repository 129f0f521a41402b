// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import org.apache.pekko.persistence.AbstractPersistentActor;
import scala.Option;

/** Who is at work at one log, and is done with it at the first failure: nobody knows then what the log holds. */
abstract class LogActor extends AbstractPersistentActor {
    private final String persistenceId;

    /** @param persistenceId name of the log */
    LogActor(String persistenceId) {
        this.persistenceId = persistenceId;
    }

    @Override
    public final String persistenceId() {
        return persistenceId;
    }

    /** Tells who waits for it, and stops. */
    abstract void fail(Throwable cause);

    @Override
    public final void onPersistFailure(Throwable cause, Object event, long sequence) {
        fail(cause);
    }

    @Override
    public final void onPersistRejected(Throwable cause, Object event, long sequence) {
        fail(cause);
    }

    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        fail(cause);
    }
}

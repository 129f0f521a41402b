// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.verify;

/**
 * Is told what a state directory holds, by {@link dev.millrace.checkpointing.store.StateDirectory#read}: persistence ids
 * in the order of their names; of each its snapshots and then its events, in the order of their numbers; then its log as
 * a whole.
 */
public interface StateVisitor {
    /** An event that is sound. */
    void event(StoredEvent event);

    /** A snapshot that is sound. */
    void snapshot(StoredSnapshot snapshot);

    /** All of a persistence id has been read. */
    void log(StoredLog log);

    /** Something can't be used. The reading goes on behind it. */
    void damage(Damage damage);
}

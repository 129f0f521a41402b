// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import com.typesafe.config.Config;

/**
 * The snapshot plugin {@code millrace.checkpointing.memory.snapshots}, for processes that keep nothing. It holds the
 * serialized bytes, so that state goes the same way as to disk, and loses them with the actor system.
 */
public final class MemorySnapshotStore extends SnapshotPlugin {
    /** @param config the plugin's section, see {@code reference.conf} of this module */
    public MemorySnapshotStore(Config config) {
        super(config, system -> new SnapshotsInMemory());
    }
}

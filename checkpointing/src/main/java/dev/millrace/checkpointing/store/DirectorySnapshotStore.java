// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import com.typesafe.config.Config;

/**
 * The snapshot plugin {@code millrace.checkpointing.directory.snapshots}: each snapshot is a file with its sequence
 * number as name. A load answers with exactly the newest that matches, or fails; it never falls back to an older one. A
 * number that is stored is not stored again.
 */
public class DirectorySnapshotStore extends SnapshotPlugin {
    /** @param config the plugin's section, see {@code reference.conf} of this module */
    public DirectorySnapshotStore(Config config) {
        super(config, system -> new SnapshotFiles(StoreSettings.directory(system).resolve(StateDirectory.SNAPSHOTS)));
    }
}

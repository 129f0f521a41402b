// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import com.typesafe.config.Config;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.ActorSystem;

/** The settings that the plugins share. */
final class StoreSettings {
    private static final String DIRECTORY = "millrace.checkpointing.directory.path";

    private StoreSettings() {}

    /** The directory that holds the logs and snapshots of all persistence ids. */
    static Path directory(ActorSystem system) {
        String path = system.settings().config().getString(DIRECTORY);
        if (path.isBlank()) {
            throw new MillraceException(ErrorCode.OPTION_MISSING, DIRECTORY + " is not set",
                    "name the directory in which checkpoints are kept");
        }
        return Path.of(path).toAbsolutePath();
    }

    /** The bounded threads on which a plugin may block. */
    static Executor executor(ActorSystem system, Config plugin) {
        return system.dispatchers().lookup(plugin.getString("io-dispatcher"));
    }
}

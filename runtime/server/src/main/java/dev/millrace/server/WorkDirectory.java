// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import java.nio.file.Path;

/** Where a process puts what it writes besides its results. Nothing is created before it is needed. */
final class WorkDirectory {
    private WorkDirectory() {}

    /** The state directory, or else one of this process in the system's directory for temporary files. */
    static Path of(Path stateDirectory) {
        if (stateDirectory != null) {
            return stateDirectory;
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "millrace-" + ProcessHandle.current().pid());
    }
}

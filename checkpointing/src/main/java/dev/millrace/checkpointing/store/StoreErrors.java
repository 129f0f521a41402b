// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;

/** The refusals of this package, each with its way out. */
final class StoreErrors {
    private StoreErrors() {}

    static MillraceException damaged(String file, String why) {
        return new MillraceException(ErrorCode.STATE_DAMAGED, file + " can't be used: " + why,
                "restore it from a copy; it is neither skipped nor replaced by something older");
    }

    static MillraceException newer(String file, int version, String writer, int known) {
        return new MillraceException(ErrorCode.STATE_NEWER,
                file + " has format " + version + ", written by " + writer + "; this release reads format " + known,
                "run the release that wrote it, or a newer one");
    }

    static MillraceException fenced(String directory, String why) {
        return new MillraceException(ErrorCode.STATE_FENCED, why + " in " + directory,
                "this writer must stop; its successor goes on from the log");
    }

    static MillraceException unwritable(String file, IOException cause) {
        return new MillraceException(ErrorCode.STATE_UNWRITABLE, file + " can't be written: " + cause, null,
                "check free space, permissions, and that the file system has hard links", cause);
    }

    static MillraceException unreadable(String file, IOException cause) {
        return new MillraceException(ErrorCode.FILE_UNREADABLE, file + " can't be read: " + cause, null,
                "check the disk and the permissions", cause);
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/** A name that a state directory has for ever, from whatever machine and by whatever path it is used. */
final class DirectoryIdentity {
    private static final String FILE_NAME = "identity";

    private DirectoryIdentity() {}

    /** Reads the name; who comes first makes it up. */
    static String of(DirectoryLock lock) {
        Path file = lock.directory().resolve(FILE_NAME);
        try {
            try {
                return Files.readString(file).strip();
            } catch (NoSuchFileException e) {
                String identity = UUID.randomUUID().toString();
                Path temporary = lock.directory().resolve(FILE_NAME + "." + identity);
                Files.writeString(temporary, identity + "\n");
                try {
                    // Fails if another node has been faster; a rename would give the two different names.
                    Files.createLink(file, temporary);
                } catch (FileAlreadyExistsException other) {
                    identity = Files.readString(file).strip();
                } finally {
                    Files.delete(temporary);
                }
                return identity;
            }
        } catch (IOException e) {
            lock.close();
            throw new MillraceException(ErrorCode.STATE_UNWRITABLE,
                    "the state directory " + lock.directory() + " can't be used: " + e, null,
                    "check that it is a directory that this user may write", e);
        }
    }
}

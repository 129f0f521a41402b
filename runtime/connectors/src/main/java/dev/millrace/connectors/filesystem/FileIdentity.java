// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A file as it was when the job was created. A file that changed since would not give the same rows at the same
 * positions.
 *
 * @param path the absolute path
 * @param size in bytes
 * @param modifiedMillis time of the last change
 * @param checksum CRC-32C of the first bytes
 */
record FileIdentity(Path path, long size, long modifiedMillis, int checksum) {
    private static final int CHECKED_BYTES = 4096;

    /**
     * Looks at a file.
     *
     * @throws MillraceException if it can't be read
     */
    static FileIdentity of(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            return of(path, channel);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Opens the file.
     *
     * @throws MillraceException if it can't be read, or is not the same any more
     */
    FileChannel open() {
        FileChannel channel;
        try {
            channel = FileChannel.open(path);
        } catch (NoSuchFileException e) {
            throw changed("it is gone");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        boolean isSame = false;
        try {
            isSame = of(path, channel).equals(this);
            if (!isSame) {
                throw changed("it is not the file that it was when the job was created");
            }
            return channel;
        } catch (IOException e) {
            throw unreadable(path, e);
        } finally {
            if (!isSame) {
                closeQuietly(channel);
            }
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written, and the error that led here is told.
        }
    }

    /** The error for a file that is not what it was. */
    MillraceException changed(String how) {
        return new MillraceException(
                ErrorCode.FILE_CHANGED,
                "file " + path + " has changed: " + how,
                "put the file back as it was, or start the query anew under another name; a file that is being read must "
                        + "not be written to");
    }

    static MillraceException unreadable(Path path, IOException cause) {
        String why = cause instanceof AccessDeniedException ? "access is denied" : cause.toString();
        return new MillraceException(
                ErrorCode.FILE_UNREADABLE,
                "file " + path + " can't be read: " + why,
                null,
                "check the permissions of the file and of the directories above it",
                cause);
    }

    private static FileIdentity of(Path path, FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(CHECKED_BYTES);
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, bytes.position());
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.flip());
        return new FileIdentity(
                path, channel.size(), Files.getLastModifiedTime(path).toMillis(), (int) checksum.getValue());
    }

    /** The identity as one line of text. */
    String encode() {
        String escaped = path.toString().replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D");
        return size + " " + modifiedMillis + " " + Integer.toHexString(checksum) + " " + escaped;
    }

    static FileIdentity decode(String line) {
        String[] parts = line.split(" ", 4);
        String path = parts[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        return new FileIdentity(
                Path.of(path),
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Integer.parseUnsignedInt(parts[2], 16));
    }
}
